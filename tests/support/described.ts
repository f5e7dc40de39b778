import { isRecord } from "../../settings/record";

/**
 * A value of a captured stack, as `replayProgram.cjs` makes it again: plain JSON, in which a record with one of these keys
 * stands for something that JSON cannot say.
 */
export type Described =
  | null
  | boolean
  | number
  | string
  | readonly Described[]
  | Reference
  | { readonly $join: readonly Described[] }
  | { readonly $base64: Described }
  | { readonly $secret: Described }
  | Later
  | { readonly [key: string]: Described };

/** An output of another resource. `$was` is what it gave in the captured run: what stands there when that resource is gone. */
export interface Reference {
  readonly $from: string;
  readonly $output: readonly (string | number)[];
  readonly $was: string;
}

/** A value that is known when that resource has been made. */
export interface Later {
  readonly $later: Described;
  readonly $by: string;
}

/** A text that a resource gave in the captured run. */
export interface Given {
  readonly urn: string;
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Shorter texts are in others by chance. */
const SHORTEST = 4;

/** All texts in the outputs of a resource, its id first: where two are the same, the id is the one that is meant. */
export function givenBy(urn: string, id: string, outputs: unknown): Given[] {
  const texts: Given[] = id === "" ? [] : [{ urn, path: ["id"], text: id }];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value === "string") texts.push({ urn, path, text: value });
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...path, index]);
    else if (isRecord(value)) for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
  };
  walk(outputs, []);
  return texts;
}

/** A text by the outputs that it was made from; the text itself when it holds none of them. */
export function describeText(text: string, given: readonly Given[]): Described {
  const whole = given.find((one) => one.text === text);
  if (whole !== undefined) return reference(whole);
  const [longest] = given
    .filter((one) => one.text.length >= SHORTEST && text.includes(one.text))
    .sort((one, other) => other.text.length - one.text.length);
  if (longest !== undefined) {
    const parts = text.split(longest.text).map((part) => (part === "" ? "" : describeText(part, given)));
    return { $join: parts.flatMap((part, index) => (index === 0 ? [part] : [reference(longest), part])) };
  }
  return describeBase64(text, given) ?? text;
}

const reference = ({ urn, path, text }: Given): Reference => ({ $from: urn, $output: path, $was: text });

/** Kubernetes takes secrets in this form. */
function describeBase64(text: string, given: readonly Given[]): Described | undefined {
  const decoded = Buffer.from(text, "base64").toString();
  if (decoded === "" || Buffer.from(decoded).toString("base64") !== text) return undefined;
  const inside = describeText(decoded, given);
  return inside === decoded ? undefined : { $base64: inside };
}
