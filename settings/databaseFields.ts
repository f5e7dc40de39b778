import { z } from "zod";
import { CATALOGUE_NAMES, count, image, localPath, SEALED, SQLITE_CATALOGUE_NAMES } from "./fields";

/** The group `database`, as each tier has it. */

const isPostgresUrl = (value: string): boolean => {
  if (value === SEALED) return true;
  try {
    return ["postgresql:", "postgres:"].includes(new URL(value).protocol);
  } catch {
    return false;
  }
};

const sqliteDatabase = {
  type: z.literal("sqlite").default("sqlite").describe("Database engine of the tier."),
  name: z
    .enum(SQLITE_CATALOGUE_NAMES)
    .default("ai_company")
    .describe("Logical database of the catalogue whose schema the file gets. Choose it before the first `up`."),
  busyTimeoutMs: count(
    0,
    600_000,
    "How long a connection waits for a lock before it gives up, in milliseconds.",
  ).default(5000),
};

export const sqliteFileDatabase = z.strictObject({
  ...sqliteDatabase,
  path: localPath(
    "The SQLite file, relative to the project folder. Default: database/ai_company.db or db.sqlite, by name. An existing file is adopted; changing the path starts another file and leaves the old one alone.",
  ).optional(),
});

export const sqliteVolumeDatabase = z.strictObject({
  ...sqliteDatabase,
  volumeGiB: count(1, 100, "Size of the persistent volume, in GiB. It can grow and never shrink.").default(50),
});

const postgresqlDatabase = {
  type: z.literal("postgresql").default("postgresql").describe("Database engine of the tier."),
  name: z
    .enum(CATALOGUE_NAMES)
    .default("aibase")
    .describe("Logical database that the application connects to (DB_PG_DATABASE)."),
  catalogue: z
    .array(z.enum(CATALOGUE_NAMES))
    .min(1)
    .optional()
    .describe("All logical databases to provision; must contain `database.name`. Default: that one."),
  version: z
    .union([z.literal(15), z.literal(16)])
    .default(16)
    .describe("PostgreSQL major version. Raising it is an upgrade in place; it cannot be lowered."),
  instanceClass: z
    .string()
    .regex(/^db\.[a-z0-9]+\.[a-z0-9]+$/)
    .optional()
    .describe("RDS instance class, for example db.m7g.xlarge. Default: by `size`. Changed in place, with a restart."),
  storageGiB: count(
    20,
    65_536,
    "Allocated storage in GiB. Default: by `size`. It can grow and never shrink.",
  ).optional(),
  maxStorageGiB: count(
    21,
    65_536,
    "Upper end of storage autoscaling in GiB. Default: four times `storageGiB`.",
  ).optional(),
  tuning: z
    .enum(["documented", "scaled"])
    .default("documented")
    .describe("Server parameters: the nine documented values, or values scaled to the machine size."),
  rotationDays: count(1, 1000, "Days after which the master password is rotated.").default(30),
  maintenanceWindow: z
    .string()
    .regex(
      /^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$/,
    )
    .default("sun:05:00-sun:06:00")
    .meta({
      description: "Weekly window for maintenance, in UTC. It must not touch the daily backup window, 03:00 to 04:00.",
      allowed: "a window such as sun:05:00-sun:06:00",
    }),
  restore: z
    .strictObject({
      snapshot: z
        .string()
        .regex(/^(arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:snapshot:)?[A-Za-z0-9:-]{1,255}$/)
        .optional()
        .meta({
          description: "Identifier or ARN of the snapshot that the primary begins from.",
          allowed: "the identifier or the ARN of a DB snapshot",
        }),
      sourceInstance: z
        .string()
        .regex(/^[a-z](-?[a-z0-9])*$/)
        .max(63)
        .optional()
        .meta({
          description: "Identifier of the instance whose automated backups the primary begins from.",
          allowed: "an identifier such as aibase-prod-database",
        }),
      time: z.iso
        .datetime()
        .optional()
        .describe("Moment of the source to go back to, in UTC. Default: the latest one that can be restored."),
    })
    .optional()
    .describe(
      "Begin the primary from a snapshot or from a moment of another instance. Read when the primary is made, and never again.",
    ),
  poolMax: count(1, 1000, "Clients in the connection pool of one application replica.").default(20),
  bootstrap: z
    .enum(["direct", "job"])
    .default("job")
    .describe(
      "How databases, roles and migrations reach the server: from here, or by a Kubernetes Job inside the network.",
    ),
  jobImage: image
    .meta({
      description:
        "Container image with Node 20 or newer, in which the Job makes databases and roles and applies migrations. Default: the one that the Node project publishes, of an exact version.",
      allowed: "an image such as registry/name:tag or name@sha256:…",
    })
    .optional(),
};

export const smbDatabase = z.strictObject({
  ...postgresqlDatabase,
  host: z
    .enum(["aws", "kubernetes", "external"])
    .default("aws")
    .describe(
      "Where PostgreSQL runs: RDS, a CloudNativePG cluster, or elsewhere under a secret URL. Moving is a promotion.",
    ),
  url: z
    .string()
    .refine(isPostgresUrl, { error: "must begin with postgresql:// or postgres://" })
    .optional()
    .describe("Connection string of an external database. Secret: set it with `pulumi config set --secret --path`."),
  replicas: count(0, 2, "Read replicas beside the primary.").default(0),
  instances: count(
    1,
    9,
    "Instances of a CloudNativePG cluster, the primary among them. Default: 3, of which one may be lost at any moment.",
  ).optional(),
  multiAz: z.boolean().default(false).describe("Keep a standby in another zone, with automatic failover."),
  pooler: z.boolean().default(false).describe("Put a connection pooler (RDS Proxy or PgBouncer) before the writer."),
});

const enterpriseFields = {
  ...postgresqlDatabase,
  host: z.literal("aws").default("aws").describe("Where PostgreSQL runs; from this tier on RDS."),
  replicas: count(2, 5, "Read replicas beside the primary, in other zones.").default(2),
  pooler: z.boolean().default(true).describe("Put RDS Proxy before the writer."),
};

export const enterpriseDatabase = z.strictObject(enterpriseFields);

export const shardedDatabase = z.strictObject({
  ...enterpriseFields,
  shards: count(
    1,
    1000,
    "Ranges of 1,000,000 users. Default: as many as the users need, and the next one ahead.",
  ).optional(),
  shardsPerInstance: count(1, 10, "Ranges that share one RDS instance.").default(1),
});
