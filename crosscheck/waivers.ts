import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { matches } from "../policy/exemptions";

const day = z.iso.date();
const text = z.string().trim().min(1);

const waiver = z.strictObject({
  /** The tool's name for the check. */
  check: text,
  /** The resources, as a URN in which `*` stands for any text. */
  urn: z.string().regex(/^urn:pulumi:/, "must begin with urn:pulumi:"),
  reason: text,
  owner: text,
  /** When it was decided, and the last day on which it holds. */
  date: day,
  reviewBy: day,
});
const file = z.strictObject({ waivers: z.array(waiver) });

/** That a finding about some resources is accepted, why, by whom and until when. */
export type Waiver = z.infer<typeof waiver>;

/** The waivers of waivers.yaml. Throws when one is incomplete. */
export function readWaivers(): readonly Waiver[] {
  return parseWaivers(readFileSync(join(__dirname, "waivers.yaml"), "utf8"));
}

export function parseWaivers(yaml: string): readonly Waiver[] {
  const result = file.safeParse(parse(yaml, { schema: "core" }));
  if (!result.success) throw new Error(`crosscheck/waivers.yaml: ${z.prettifyError(result.error)}`);
  return result.data.waivers;
}

/** True for a URN that the pattern of a waiver stands for. */
export const covers = ({ urn: pattern }: Waiver, urn: string): boolean => matches(pattern, urn);
