import { UserError } from "../../settings";
import type { CodecSpec, ColumnProfile, ColumnRule, TimeForm } from "../model";

type RuleKey = keyof ColumnRule;

/** What rules.yaml may say of a column whose type a migration of the catalogue has fixed. */
const ALLOWED: Readonly<Record<CodecSpec["kind"] | "time", readonly RuleKey[]>> = {
  integer: ["empty"],
  boolean: ["empty"],
  double: ["empty"],
  numeric: ["empty", "round"],
  text: ["nul", "invalid"],
  bytea: [],
  json: ["empty"],
  timestamp: ["empty", "from"],
  date: ["empty", "from"],
  time: ["empty", "from"],
};

/** @throws UserError for a rule that would change what a migration has fixed. */
export function refuseRule(column: string, codec: CodecSpec | "time", rule: ColumnRule): void {
  const kind = codec === "time" ? codec : codec.kind;
  const wrong = (Object.keys(rule) as RuleKey[]).find((key) => !ALLOWED[kind].includes(key));
  if (wrong === undefined) return;
  const allowed = ALLOWED[kind].length === 0 ? "nothing" : ALLOWED[kind].join(", ");
  throw new UserError(
    `rules.yaml: "${wrong}" for ${column} cannot be: name and type are those of the catalogue's migrations. Allowed for this column: ${allowed}. Take the tables as they are with --translate.`,
  );
}

/** What the values of a time column are; undefined when they are of several kinds, or of none that is known. */
export function timeForm(profile: ColumnProfile | undefined): TimeForm | undefined {
  if (profile === undefined) return "text";
  const { classes, numbers } = profile;
  const ofNumbers = classes.integer + classes.real;
  if (ofNumbers === 0) return "text";
  if (classes.text > (profile.texts?.empty ?? 0) || numbers === undefined) return undefined;
  const forms = (["seconds", "milliseconds", "microseconds", "julian"] as const).filter((form) => numbers[form] > 0);
  const [form] = forms;
  return forms.length === 1 && form !== undefined && numbers[form] === ofNumbers ? form : undefined;
}
