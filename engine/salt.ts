import { isMap, isScalar, isSeq, Lexer, type Node, parse, parseDocument } from "yaml";

/**
 * What a stack's settings file should hold after a run of the engine. The engine writes an `encryptionsalt` into it,
 * and formats it anew while doing so; the salt is in the state as well, so the file can do without unless it holds
 * encrypted values itself.
 * @param before the file before the run, undefined when there was none.
 * @param after the file as the engine left it.
 * @returns the text to keep, or undefined when the file only held the salt and should go.
 */
export function tidied(before: string | undefined, after: string): string | undefined {
  const clean = withoutSalt(after);
  if (clean === after || holdsSecureValues(after)) return after;
  if (before === undefined) return /^\s*(\{\}\s*)?$/.test(clean) ? undefined : clean;
  const original = withoutSalt(before);
  // A comment that came meanwhile is the user's: then the newer text stays.
  if (comments(original) !== comments(clean)) return clean;
  return withChangedValues(original, clean) ?? clean;
}

/** The text without its `encryptionsalt` line, and without the blank line that the engine puts before it. */
export function withoutSalt(text: string): string {
  const line = /^encryptionsalt:.*(?:\r?\n|$)/m.exec(text);
  if (!line) return text;
  const head = text.slice(0, line.index);
  const tail = text.slice(line.index + line[0].length);
  return tail === "" ? head.replace(/(\r?\n)\r?\n$/, "$1") : head + tail;
}

/** True when a value in the file is encrypted, or when the file cannot be read as YAML and so had better stay as it is. */
export function holdsSecureValues(text: string): boolean {
  try {
    return holdsSecure(parse(text));
  } catch {
    return true;
  }
}

function holdsSecure(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key === "secure" || holdsSecure(inner));
}

function comments(text: string): string {
  return [...new Lexer().lex(text)]
    .filter((token) => token.startsWith("#"))
    .map((token) => token.trim())
    .join("\n");
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The original text with the single values that differ in `changed` put in; undefined when more than values differ. */
function withChangedValues(original: string, changed: string): string | undefined {
  const edits: Edit[] = [];
  const [a, b] = [parseDocument(original), parseDocument(changed)];
  if (a.errors.length > 0 || b.errors.length > 0) return undefined;
  if (!collectEdits(a.contents, b.contents, changed, edits)) return undefined;
  return edits
    .sort((x, y) => y.start - x.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), original);
}

/** Adds the edits that turn `a` into `b`; false when they differ in more than single values on one line. */
function collectEdits(a: Node | null, b: Node | null, changed: string, edits: Edit[]): boolean {
  if (isMap(a) && isMap(b)) {
    if (a.items.length !== b.items.length) return false;
    return a.items.every((pair) => {
      const key = isScalar(pair.key) ? pair.key.value : undefined;
      const other = b.items.find((item) => isScalar(item.key) && item.key.value === key);
      return (
        key !== undefined &&
        other !== undefined &&
        collectEdits(asNode(pair.value), asNode(other.value), changed, edits)
      );
    });
  }
  if (isSeq(a) && isSeq(b)) {
    return (
      a.items.length === b.items.length &&
      a.items.every((item, i) => collectEdits(asNode(item), asNode(b.items[i]), changed, edits))
    );
  }
  if (a === null || b === null) return a === b;
  if (!isScalar(a) || !isScalar(b)) return false;
  // A setting is text to the engine, and it may write a number or a boolean anew in quotes.
  if (a.value === b.value || (typeof b.value === "string" && String(a.value) === b.value)) return true;
  if (!a.range || !b.range) return false;
  const text = changed.slice(b.range[0], b.range[1]);
  if (text.includes("\n") || text === "") return false;
  edits.push({ start: a.range[0], end: a.range[1], text });
  return true;
}

function asNode(value: unknown): Node | null {
  return isMap(value) || isSeq(value) || isScalar(value) ? value : null;
}
