import { createHash } from "node:crypto";

/** PostgreSQL cuts names at this many bytes. */
const LONGEST = 63;
/** Columns that every table of PostgreSQL has already. */
export const SYSTEM_COLUMNS = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/** Gives names that are free and not too long, as near as can be to those wanted. */
export class Names {
  private readonly taken: Set<string>;

  constructor(taken: readonly string[] = []) {
    this.taken = new Set(taken);
  }

  take(wanted: string): string {
    let name = cut(wanted);
    for (let n = 1; this.taken.has(name); n++) name = cut(wanted, `_${n}`);
    this.taken.add(name);
    return name;
  }
}

/** Too long a name ends in a hash of the whole, so that it is the same each time and no other long name's. */
function cut(wanted: string, suffix = ""): string {
  if (Buffer.byteLength(wanted + suffix) <= LONGEST) return wanted + suffix;
  const ending = `_${createHash("sha256").update(wanted).digest("hex").slice(0, 8)}${suffix}`;
  let kept = "";
  for (const character of wanted) {
    if (Buffer.byteLength(kept + character + ending) > LONGEST) break;
    kept += character;
  }
  return kept + ending;
}
