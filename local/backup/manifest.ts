import { createHash } from "node:crypto";
import { z } from "zod";
import { backupKinds } from "./names";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();

const manifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  kind: z.enum(backupKinds),
  /** The database's name: its file name without the extension. */
  database: z.string().min(1),
  /** The source's file name. */
  source: z.string().min(1),
  /** The data file that belongs to this manifest; it stands beside it. */
  file: z.string().min(1),
  /** When the snapshot was taken, UTC. */
  created: z.iso.datetime(),
  sqliteVersion: z.string(),
  journalMode: z.string(),
  schemaVersion: z.strictObject({
    userVersion: z.number().int(),
    /** Rows of `ladder_migrations` and the newest of them; null where the table does not exist. */
    migrations: z
      .strictObject({
        applied: count,
        newest: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).nullable(),
      })
      .nullable(),
  }),
  bytes: z.strictObject({ database: count, compressed: count }),
  sha256: z.strictObject({ database: sha256, compressed: sha256 }),
  tables: z.array(z.strictObject({ name: z.string(), rows: count, sha256 })),
  skipped: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  /** How long each phase took; compressing runs beside the reading of the contents. */
  seconds: z.strictObject({
    copy: z.number(),
    contents: z.number(),
    compress: z.number(),
    total: z.number(),
  }),
});

/** What a backup says of itself: everything that a restore drill compares. */
export type Manifest = z.infer<typeof manifestSchema>;

const SEAL = "manifestSha256";
const EMPTY_SEAL = "0".repeat(64);
const sealPattern = new RegExp(`"${SEAL}": "([0-9a-f]{64})"\\n}\\n$`);

/** The manifest file's text. Its last line seals the text before it, so that no figure can change unseen. */
export function sealManifest(manifest: Manifest): string {
  const text = `${JSON.stringify({ ...manifest, [SEAL]: EMPTY_SEAL }, null, 2)}\n`;
  const seal = createHash("sha256").update(text).digest("hex");
  return text.replace(`"${SEAL}": "${EMPTY_SEAL}"\n}\n`, () => `"${SEAL}": "${seal}"\n}\n`);
}

/** Result of reading a manifest: usable when it has no `problem`. `manifest` is there whenever its form is right. */
export interface ReadManifest {
  manifest?: Manifest;
  problem?: string;
}

/** Reads a manifest's bytes; says in `problem` what is wrong with them. Never throws. */
export function parseManifest(bytes: Buffer): ReadManifest {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    return { problem: "it is not readable as JSON" };
  }
  if (typeof value !== "object" || value === null) return { problem: "it is not a manifest of a backup" };
  const { [SEAL]: seal, ...fields } = value as Record<string, unknown>;
  const parsed = manifestSchema.safeParse(fields);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { problem: `field ${issue?.path.join(".") || "(root)"}: ${issue?.message ?? "wrong form"}` };
  }
  // latin1 keeps every byte as it is, also where the text is no longer valid UTF-8.
  const text = bytes.toString("latin1").replace(sealPattern, () => `"${SEAL}": "${EMPTY_SEAL}"\n}\n`);
  const actual = createHash("sha256").update(text, "latin1").digest("hex");
  if (actual === seal) return { manifest: parsed.data };
  return { manifest: parsed.data, problem: "it was changed after it was written (its seal does not match its text)" };
}
