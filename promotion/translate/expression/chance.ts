import type { Expression } from "../sql/syntax";
import { integer, type Typed, text } from "./typed";

/** Random bytes of a UUID, of which version 4 sets six bits: enough for an id, and no extension is needed. */
const UUID = "replace(gen_random_uuid()::text, '-', '')";
const MOST_BYTES = 16;

/** `random()` and `hex(randomblob(16))`, as defaults for ids have them. Undefined: something else. */
export function chance(name: string, args: readonly Expression[], of: (inner: Expression) => Typed): Typed | undefined {
  if (name === "random" && args.length === 0)
    return integer("floor((random() - 0.5) * 18446744073709551616)::bigint", { wide: true });
  const [blob] = args;
  if (name !== "hex" || blob?.type !== "call" || blob.name !== "randomblob" || !blob.args[0]) return undefined;
  const size = of(blob.args[0]);
  const bytes = size.kind === "integer" ? Number(size.literal) : 0;
  return bytes >= 1 && bytes <= MOST_BYTES ? text(`upper(left(${UUID}, ${2 * bytes}))`) : undefined;
}
