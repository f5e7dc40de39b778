import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../settings/errors";

/** The program that runs beside a database: `schema/job/main.ts` and all that it needs, as one file for Node. */
export interface Bundle {
  /** CommonJS for Node 20 and newer; it loads nothing but Node's own modules. */
  readonly code: string;
  /** SHA-256 of `code`, hex. */
  readonly sha256: string;
}

/**
 * Most bytes of the program: a ConfigMap holds 1 MiB with its keys (kubernetes.io, "ConfigMaps"), and an update may need some for
 * whatever an admission controller adds.
 */
export const LARGEST_BUNDLE = 900 * 1024;

const PROJECT = join(__dirname, "..");
const ENTRY = "schema/job/main.ts";
/** Parts of the project's own state, which git ignores. Deleting it costs the next start a second. */
const CACHE = ".ladder/bundle/migrate.json";

/** What decides the result beside the files that go in. */
const OPTIONS = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: true,
  // Names in error messages stay what they are; nobody debugs a minified class otherwise.
  keepNames: true,
  charset: "utf8",
  legalComments: "eof",
  external: ["pg-native"],
  // Not the project's own tsconfig.json, so that its settings for the editor change no byte.
  tsconfigRaw: { compilerOptions: { target: "es2022", strict: true } },
  // node-pg-migrate would look for migrations in folders with these.
  alias: { glob: "./schema/leftOut.ts", jiti: "./schema/leftOut.ts" },
} as const;

/** What the cache holds: the program, and every file that went into it with the hash of its content. */
interface Cached extends Bundle {
  readonly options: string;
  readonly inputs: Readonly<Record<string, string>>;
}

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const optionsKey = JSON.stringify(OPTIONS);

let known: Bundle | undefined;

/**
 * The bundled program, compiled only when one of its files changed: about 10 ms then, some 200 ms otherwise. Equal files give equal
 * bytes, wherever the project lies. Throws a UserError when it does not compile or has grown too large.
 */
export function bundleOfJob(project: string = PROJECT): Bundle {
  if (project === PROJECT && known !== undefined) return known;
  const { code, sha256 } = cachedBundle(project) ?? compile(project);
  const bundle = { code, sha256 };
  if (project === PROJECT) known = bundle;
  return bundle;
}

function cachedBundle(project: string): Bundle | undefined {
  try {
    const cached = JSON.parse(readFileSync(join(project, CACHE), "utf8")) as Cached;
    const same =
      cached.options === optionsKey &&
      cached.sha256 === sha256(cached.code) &&
      Object.entries(cached.inputs).every(([file, hash]) => sha256(readFileSync(join(project, file))) === hash);
    return same ? cached : undefined;
  } catch {
    // None, or one that is damaged or of another release: it is made anew.
    return undefined;
  }
}

function compile(project: string): Bundle {
  // Loaded only here: most starts find the program compiled.
  const { buildSync } = require("esbuild") as typeof import("esbuild");
  const { outputFiles, metafile } = buildSync({
    ...OPTIONS,
    external: [...OPTIONS.external],
    absWorkingDir: project,
    entryPoints: [ENTRY],
    outfile: "migrate.cjs",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const code = outputFiles[0]?.text ?? "";
  const size = Buffer.byteLength(code);
  if (size > LARGEST_BUNDLE)
    throw new UserError(
      `The program of the migration job has ${size} bytes; a ConfigMap has room for ${LARGEST_BUNDLE}. Look at what schema/job imports (node_modules/.bin/esbuild ${ENTRY} --bundle --platform=node --analyze).`,
    );
  const inputs = Object.fromEntries(
    Object.keys(metafile.inputs)
      .sort()
      .map((file) => [file, sha256(readFileSync(join(project, file)))]),
  );
  const bundle = { code, sha256: sha256(code) };
  keep(join(project, CACHE), { ...bundle, options: optionsKey, inputs });
  return bundle;
}

/** Put in place whole, so that two programs at once do not disturb each other. A folder that cannot be written to costs time only. */
function keep(file: string, cached: Cached): void {
  const scratch = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(scratch, JSON.stringify(cached));
    renameSync(scratch, file);
  } catch {
    removeQuietly(scratch);
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Its folder is none.
  }
}
