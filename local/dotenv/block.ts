/** The marked block that a stack owns inside a `.env` file. Pure text: reading and writing files is the provider's work. */

const begin = (stack: string) => `# >>> scaling-ladder ${stack} >>>`;
const end = (stack: string) => `# <<< scaling-ladder ${stack} <<<`;
const NOTE = "# Written by `ladder up`. Your own lines belong outside this block; they are kept.";

export type EnvValues = Readonly<Record<string, string>>;

/** Quotes a value so that dotenv and a POSIX shell both read back the same text. Throws a RangeError with the reason when none does. */
export function quote(value: string): string {
  if (/[\0\r\n]/.test(value)) throw new RangeError("it holds a line break");
  // dotenv takes a backslash before the closing quote for an escaped quote, and reads on in the next line.
  if (value.endsWith("\\")) throw new RangeError("it ends with a backslash");
  if (/^[A-Za-z0-9_./:@%+,-]*$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  // Double quotes: dotenv knows no escape for `"` itself, and a shell would expand $, ` and \.
  if (!/["$`\\]/.test(value)) return `"${value}"`;
  throw new RangeError("it holds both ' and one of \" $ ` \\");
}

export function renderBlock(stack: string, values: EnvValues): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${quote(value)}`);
  return [begin(stack), NOTE, ...lines, end(stack), ""].join("\n");
}

interface Span {
  readonly start: number;
  /** One past the last character of the block, its line end included. */
  readonly stop: number;
}

/** Where the block of a stack stands; undefined when there is none; an error text when its marks do not match. */
function locate(text: string, stack: string): Span | undefined | { readonly fault: string } {
  const starts = linesEqualTo(text, begin(stack));
  const stops = linesEqualTo(text, end(stack));
  const [start, stop] = [starts[0], stops[0]];
  if (start === undefined && stop === undefined) return undefined;
  if (start === undefined || stop === undefined || starts.length > 1 || stops.length > 1 || stop.start < start.start) {
    return {
      fault: `the marks of its block do not match: there must be one line "${begin(stack)}" and after it one line "${end(stack)}"`,
    };
  }
  return { start: start.start, stop: stop.stop };
}

function linesEqualTo(text: string, line: string): Span[] {
  const found: Span[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const stop = newline === -1 ? text.length : newline + 1;
    if (text.slice(start, stop).trim() === line) found.push({ start, stop });
    start = stop;
  }
  return found;
}

/** The text with the block put in or renewed. Every character outside the block stays as it was. */
export function withBlock(text: string, stack: string, values: EnvValues): string {
  const place = locate(text, stack);
  const block = renderBlock(stack, values);
  if (place === undefined) {
    const gap = text === "" || text.endsWith("\n") ? "" : "\n";
    return `${text}${gap}${block}`;
  }
  if ("fault" in place) throw new RangeError(place.fault);
  return text.slice(0, place.start) + block + text.slice(place.stop);
}

/** The text without the block. */
export function withoutBlock(text: string, stack: string): string {
  const place = locate(text, stack);
  if (place === undefined || "fault" in place) return text;
  return text.slice(0, place.start) + text.slice(place.stop);
}

/** What the file now holds in the block: undefined without one, otherwise its exact text. */
export function blockIn(text: string, stack: string): string | undefined {
  const place = locate(text, stack);
  return place === undefined || "fault" in place ? undefined : text.slice(place.start, place.stop);
}

/** Why the block cannot be written into this text, or undefined when it can. */
export function obstacleIn(text: string, stack: string, keys: readonly string[]): string | undefined {
  const place = locate(text, stack);
  if (place !== undefined && "fault" in place) return `${place.fault}. Mend or remove those lines`;
  const clash = outsideLines(text, place).find(({ key }) => keys.includes(key));
  if (clash === undefined) return undefined;
  return `line ${clash.line} sets ${clash.key} itself, outside the block of stack ${stack}, which sets it too. Remove that line, or give the stack another scaling-ladder:app.envFile`;
}

function outsideLines(text: string, place: Span | undefined): { line: number; key: string }[] {
  let offset = 0;
  return text.split("\n").flatMap((content, index) => {
    const start = offset;
    offset += content.length + 1;
    if (place !== undefined && start >= place.start && start < place.stop) return [];
    const [, key] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)(?:\s*=|:\s)/.exec(content) ?? [];
    return key === undefined ? [] : [{ line: index + 1, key }];
  });
}
