import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { hashFiles, isFresh, MANIFEST } from "./fresh";

/** The compiled files, and the source that each starts from. */
const ENTRIES = { index: "index.ts", fresh: "fresh.ts", defer: "../engine/defer.cjs" };

/** Not part of the bundle, but what is compiled depends on them. */
const ALSO_DEPENDS_ON = ["build.ts", "package.json"];

/**
 * Compiles the pack into `bin/`, unless what lies there is up to date.
 * Safe when interrupted, and when two run at once: files are put in place whole, and the manifest that declares them
 * good comes last. Returns whether anything was compiled.
 */
export async function buildPack(packFolder: string = __dirname): Promise<boolean> {
  if (isFresh(packFolder)) return false;
  const bin = join(packFolder, "bin");
  mkdirSync(bin, { recursive: true });
  const scratch = mkdtempSync(join(bin, "build-"));
  try {
    const { metafile } = await build({
      absWorkingDir: packFolder,
      entryPoints: ENTRIES,
      outdir: scratch,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      external: ["@pulumi/*"],
      metafile: true,
      logLevel: "silent",
    });
    const inputs = Object.keys(metafile.inputs);
    const outputs = Object.keys(ENTRIES).map((name) => `${name}.js`);
    rmSync(join(bin, MANIFEST), { force: true });
    for (const output of outputs) renameSync(join(scratch, output), join(bin, output));
    const files = [...inputs, ...ALSO_DEPENDS_ON, ...outputs.map((output) => `bin/${output}`)];
    const manifest = JSON.stringify(hashFiles(packFolder, files), null, 2);
    writeFileSync(join(scratch, MANIFEST), `${manifest}\n`);
    renameSync(join(scratch, MANIFEST), join(bin, MANIFEST));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return true;
}

if (process.argv[1] === __filename) {
  buildPack().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
