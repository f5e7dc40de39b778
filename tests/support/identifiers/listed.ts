import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { KINDS, type Kind } from "./used";

/** An identifier with the page that confirms it; a line of `<part>.jsonl`. */
export interface Listed {
  readonly kind: Kind;
  readonly name: string;
  readonly unit?: string;
  readonly dimensions?: readonly string[];
  readonly page: string;
  /** A short phrase that was seen there. */
  readonly seen: string;
  /** False where nobody has found the page yet. */
  readonly confirmed: boolean;
  readonly place: string;
}

const schema = z.object({
  kind: z.enum(KINDS),
  name: z.string().min(1),
  unit: z.string().optional(),
  dimensions: z.array(z.string()).optional(),
  page: z.string(),
  seen: z.string(),
  confirmed: z.boolean().default(true),
});

/** Reads the lines of one list. Throws on a line that is none, naming it. */
export function parseListed(text: string, path: string): Listed[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const place = `${path}:${index + 1}`;
    const result = schema.safeParse(jsonOf(line, place));
    if (!result.success) throw new Error(`${place}: ${z.prettifyError(result.error)}`);
    const { unit, dimensions, ...rest } = result.data;
    return [{ ...rest, ...(unit ? { unit } : {}), ...(dimensions ? { dimensions } : {}), place }];
  });
}

function jsonOf(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`${place}: ${String(error)}`);
  }
}

/** Every list of the folder. */
export const readListed = (folder: string): Listed[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .flatMap((name) => parseListed(readFileSync(join(folder, name), "utf8"), name));
