import { posix } from "node:path";
import { z } from "zod";

/**
 * The building blocks of the settings schema. Each field carries the sentence that the reference page and
 * `Pulumi.yaml` show, so that a setting is described in one place only.
 */

/** What a secret looks like where only the stack file is read and nothing can be decrypted. */
export const SEALED = "[secret]";

/** The logical databases of the catalogue (C-09): the five products of the seed documents. */
export const CATALOGUE_NAMES = ["aibase", "ai_company", "ai_breeding", "4g3n7db", "circle"] as const;
export type CatalogueName = (typeof CATALOGUE_NAMES)[number];

/** Those that have SQLite migrations and so can start on the lower tiers, with their documented file (C-12). */
export const SQLITE_PATHS = {
  ai_company: "database/ai_company.db",
  ai_breeding: "db.sqlite",
} as const satisfies Partial<Record<CatalogueName, string>>;
export const SQLITE_CATALOGUE_NAMES = ["ai_company", "ai_breeding"] as const satisfies readonly CatalogueName[];
export type SqliteCatalogueName = (typeof SQLITE_CATALOGUE_NAMES)[number];

/** One way of writing a relative path, so that `./a//b/` and `a/b` are seen to be the same place. */
export const plainPath = (path: string): string => posix.normalize(path).replace(/(?<=.)\/+$/, "");

/** True when two plain paths are the same or one lies in the other. */
export const overlap = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);

/** A path that stays inside the project folder, so that no stack can write over somebody else's files. */
export const localPath = (what: string) =>
  z
    .string()
    .min(1)
    .refine((path) => !path.startsWith("/") && !/^[A-Za-z]:/.test(path), {
      error: "must be relative to the project folder",
    })
    .refine((path) => !path.split(/[\\/]/).includes(".."), { error: "must stay inside the project folder" })
    .refine((path) => !path.includes("\0") && !path.includes("\n"), { error: "must be one line of plain text" })
    .refine((path) => !/^(\.\/?$|(\.ladder|\.git|node_modules)(\/|$))/.test(plainPath(path)), {
      error: "must not be the project folder itself, .ladder, .git or node_modules",
    })
    // One place has one spelling, or a resource would be replaced by itself.
    .overwrite(plainPath)
    .meta({ description: what, allowed: "a relative path inside the project folder" });

/** A whole number from `min` to `max`. */
export const count = (min: number, max: number, what: string) => z.int().min(min).max(max).describe(what);

export const users = count(
  0,
  1_000_000_000,
  "Registered users of the platform, the number that drives the choice of tier (metric total_users).",
);

export const size = z
  .enum(["development", "production", "high-load"])
  .optional()
  .describe(
    "Machine size, apart from the tier: 2 vCPU/4 GiB, 4 vCPU/16 GiB or 8 vCPU/32 GiB. Default: by the number of users.",
  );

export const region = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
  .default("us-east-1")
  .meta({
    description: "AWS region of the stack. Moving a stack to another region replaces everything in it.",
    allowed: "an AWS region such as us-east-1",
  });

export const secondaryRegion = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
  .default("us-west-2")
  .meta({
    description: "AWS region that keeps the copies of backups and files.",
    allowed: "an AWS region such as us-west-2",
  });

// --- files ----------------------------------------------------------------------------------------------------

export const localFiles = z.strictObject({
  type: z.literal("local").default("local").describe("File storage of the tier."),
  path: localPath(
    "Folder for uploaded files, relative to the project folder. It is made with mode 0700 and never emptied.",
  ).default("uploads"),
});

export const volumeFiles = z.strictObject({
  type: z.literal("local").default("local").describe("File storage of the tier."),
  volumeGiB: count(1, 16_384, "Size of the persistent volume for files, in GiB. It can grow and never shrink.").default(
    20,
  ),
});

const objectFields = {
  type: z
    .enum(["s3", "azure", "gcs"])
    .default("s3")
    .describe(
      "File storage: S3 or an S3-compatible server is made here; azure and gcs are made elsewhere and passed on.",
    ),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .optional()
    .describe(
      "Exact bucket name. Default: aibase-files-<account>-<stack>. Changing it is a promotion, never a rename.",
    ),
  endpoint: z.url().optional().describe("Address of an S3-compatible server such as MinIO. Default: AWS."),
  forcePathStyle: z.boolean().default(false).describe("Address buckets as a path, as MinIO wants it."),
  cdn: z.boolean().optional().describe("Serve files through CloudFront. Default: from tier enterprise on."),
  access: z
    .enum(["user-keys", "workload-identity"])
    .default("user-keys")
    .describe(
      "How the application proves itself to S3: keys of an IAM user, or the pod's own identity on an EKS cluster that is made here.",
    ),
  noncurrentDays: count(1, 3650, "Days that overwritten and deleted versions of a file are kept.").default(90),
};

export const objectFiles = z.strictObject(objectFields);

const fileKey = (what: string) =>
  z.string().min(1).optional().describe(`${what} Secret: set it with \`pulumi config set --secret --path\`.`);

export const smbFiles = z.strictObject({
  ...objectFields,
  host: z
    .enum(["aws", "minio", "external"])
    .optional()
    .describe(
      "Where files are: S3 of AWS, MinIO in the cluster, or an S3-compatible server that is there. Default: external with files.endpoint, else minio where the database is not in AWS, else aws. Moving is a promotion.",
    ),
  volumeGiB: count(1, 16_384, "Size of MinIO's volume, in GiB. It can grow and never shrink.").default(100),
  accessKey: fileKey("Access key of an S3-compatible server."),
  secretKey: fileKey("The secret of that key."),
});

// --- application ----------------------------------------------------------------------------------------------

const port = count(1, 65_535, "Port the application listens on.").default(5040);

export const localApp = z.strictObject({
  replicas: count(1, 1, "Application processes. SQLite, local files and a memory cache allow exactly one.").default(1),
  port,
  envFile: localPath("The .env file that gets the contract, in a marked block; your own lines are kept.")
    .refine((path) => /(^|\/)(\.env[^/]*|[^/]+\.env)$/.test(path), {
      error: "must be named like .env, .env.local or app.env",
    })
    .default(".env"),
});

export const image = z
  .string()
  .regex(/^[^\s:@]+(:[0-9]+\/[^\s:@]+)?(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/)
  .meta({
    description: "Container image of the application; by digest (name@sha256:…) in production.",
    allowed: "an image such as registry/name:tag or name@sha256:…",
  });

export const singleReplicaApp = z.strictObject({
  replicas: count(1, 1, "Application pods. SQLite on a volume allows exactly one.").default(1),
  port,
  image: image.default("aibase:latest"),
});

export const scaledApp = z.strictObject({
  replicas: count(1, 2000, "Application pods at rest. Default: three at smb and enterprise, more above.").default(3),
  maxReplicas: count(1, 2000, "Pods that autoscaling may reach. Default: four times `replicas`.").optional(),
  port,
  image: image.default("aibase:latest"),
});

// --- backups, alerts, money, network --------------------------------------------------------------------------

const retention = {
  dailyDays: count(1, 3650, "Days that a daily backup is kept.").default(35),
  weeklyWeeks: count(1, 520, "Weeks that a weekly backup is kept.").default(12),
  monthlyMonths: count(1, 120, "Months that a monthly backup is kept.").default(12),
};

export const localBackup = z.strictObject({
  path: localPath(
    "Folder for backups, relative to the project folder. Put it on another disk by mounting one there.",
  ).default("backups"),
  ...retention,
});

export const dumpImage = (what: string) =>
  image
    .meta({
      description: `Container image of the dump jobs with ${what}.`,
      allowed: "an image such as registry/name:tag or name@sha256:…",
    })
    .optional();

const pitrDays = count(1, 35, "Days of point-in-time recovery. Default: 35 from enterprise on, 7 below.").optional();

export const remoteBackup = z.strictObject({
  ...retention,
  clientImage: dumpImage("the client of PostgreSQL. Default: postgres:<version>-alpine"),
  serverImage: dumpImage(
    "a PostgreSQL server, in which dumps are restored for a test. Default: postgres:<version>-alpine; extensions beyond its own need another one",
  ),
  uploaderImage: dumpImage("the AWS command line. Default: the one that AWS publishes, of an exact version"),
  pitrDays,
  lock: z
    .enum(["governance", "compliance"])
    .default("governance")
    .describe(
      "Lock of the backups against deletion. `compliance` can never be lifted again, by nobody, once its three days of grace are over.",
    ),
});

export const deletionProtection = z
  .boolean()
  .default(true)
  .describe(
    "Refuse to delete what holds data: the engine's protection and the cloud's own. Set it to false and run `up` before a stack is retired.",
  );

export const tags = z
  .record(z.string().min(1).max(128), z.string().max(256))
  .default({})
  .describe("Tags put on every cloud resource, beside the project's own.");
