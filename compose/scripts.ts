import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the rendered scripts, and where containers see it. */
export const SCRIPTS = "scripts";

/** Scripts that go beside the Compose file, as they are. */
export const scriptFiles = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => [`${SCRIPTS}/${name}`, readFileSync(join(__dirname, "scripts", name), "utf8")]),
  );

/** Mounts one of them, readable only. */
export const mounted = (name: string, at = `/${SCRIPTS}/${name}`): string => `./${SCRIPTS}/${name}:${at}:ro`;
