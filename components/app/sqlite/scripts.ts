import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of a script that runs in a pod. */
export const scriptOf = (file: string): string => readFileSync(join(__dirname, "scripts", file), "utf8");
