/** A test case as a CI system reads it. */
export interface ReadCase {
  readonly suite: string;
  readonly name: string;
  readonly verdict: "passed" | "failed" | "skipped";
  /** What failure, system-out and the like hold. */
  readonly text: string;
}

const TOKEN =
  /<\?xml[^?]*\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z][\w-]*)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What no XML 1.0 may hold: control characters, and halves of characters. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

function decoded(text: string): string {
  return text.replace(/&(#x?)?(\w*);?/g, (all, numeric: string | undefined, name: string) => {
    if (!all.endsWith(";")) throw new Error(`a bare & before ${name}`);
    if (numeric !== undefined) return String.fromCodePoint(Number.parseInt(name, numeric === "#x" ? 16 : 10));
    const entity = ENTITIES[name];
    if (entity === undefined) throw new Error(`unknown entity ${all}`);
    return entity;
  });
}

function tokensOf(xml: string): RegExpExecArray[] {
  if (FORBIDDEN.test(xml)) throw new Error("a character that XML forbids");
  const tokens: RegExpExecArray[] = [];
  for (let at = 0; at < xml.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(xml);
    if (token === null) throw new Error(`no XML at ${xml.slice(at, at + 40)}`);
    tokens.push(token);
  }
  return tokens;
}

const nameIn = (attributes: string): string => decoded(/\sname="([^"]*)"/.exec(attributes)?.[1] ?? "");

/** The cases of a JUnit report. Throws on what is not well-formed XML. */
export function casesIn(xml: string): readonly ReadCase[] {
  const cases: { suite: string; name: string; verdict: ReadCase["verdict"]; text: string }[] = [];
  const open: string[] = [];
  let suite = "";
  const begin = (element: string, attributes: string): void => {
    const current = cases.at(-1);
    if (element === "testsuite") suite = nameIn(attributes);
    if (element === "testcase") cases.push({ suite, name: nameIn(attributes), verdict: "passed", text: "" });
    if (current !== undefined && element === "failure") current.verdict = "failed";
    if (current !== undefined && element === "skipped") current.verdict = "skipped";
  };
  for (const [, cdata, closing, element, attributes = "", empty, text] of tokensOf(xml)) {
    const current = open.includes("testcase") ? cases.at(-1) : undefined;
    if (element === undefined) {
      if (current !== undefined) current.text += cdata ?? decoded(text ?? "");
    } else if (closing === "/") {
      if (open.pop() !== element) throw new Error(`</${element}> closes nothing`);
    } else {
      begin(element, attributes);
      if (empty !== "/") open.push(element);
    }
  }
  if (open.length > 0) throw new Error(`${open.join(", ")} not closed`);
  return cases;
}
