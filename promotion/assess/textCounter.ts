import type { ColumnProfile } from "../model";
import { isBooleanWord, jsonbRefuses, jsonOf, numberOf, timeOf } from "./textKinds";

type Texts = { -readonly [Key in keyof NonNullable<ColumnProfile["texts"]>]: number };

/** What COPY must escape, NUL, and what better-sqlite3 makes of bytes that are no UTF-8. Most texts have none of them. */
const SPECIAL = /[\\\t\n\r\0\uFFFD]/;
/** The first character of all that could be a number, a time or JSON. */
const PERHAPS_MORE = /^[\s\d+\-.{["tfn]/;
const LONGEST_WORD = 5;

const characters = (text: string): number => {
  let pairs = 0;
  for (const _pair of text.matchAll(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)) pairs += 1;
  return text.length - pairs;
};

/** Counts the texts of one column. */
export class TextCounter {
  /** True once a text held U+FFFD, which may stand for bytes that are no UTF-8: the bytes must be looked at. */
  doubtful = false;

  readonly counts: Texts = {
    empty: 0,
    nul: 0,
    invalid: 0,
    integer: 0,
    decimal: 0,
    time: 0,
    withOffset: 0,
    json: 0,
    jsonDocuments: 0,
    jsonNul: 0,
    words: 0,
    longestBytes: 0,
    longestCharacters: 0,
    escapes: 0,
  };

  add(text: string): void {
    const { counts } = this;
    if (text === "") {
      counts.empty += 1;
      return;
    }
    this.measure(text);
    if (SPECIAL.test(text)) this.special(text);
    if (text.length <= LONGEST_WORD && isBooleanWord(text)) counts.words += 1;
    if (PERHAPS_MORE.test(text)) this.kinds(text);
  }

  /** A character has one or two units of UTF-16, and a unit at most three bytes: most texts need not be measured. */
  private measure(text: string): void {
    const { counts } = this;
    if (text.length * 3 > counts.longestBytes)
      counts.longestBytes = Math.max(counts.longestBytes, Buffer.byteLength(text));
    if (text.length > counts.longestCharacters)
      counts.longestCharacters = Math.max(counts.longestCharacters, characters(text));
  }

  private special(text: string): void {
    if (/[\\\t\n\r]/.test(text)) this.counts.escapes += 1;
    if (text.includes("\0")) this.counts.nul += 1;
    if (text.includes("\uFFFD")) this.doubtful = true;
  }

  private kinds(text: string): void {
    const { counts } = this;
    const time = timeOf(text);
    if (time !== "none") {
      counts.time += 1;
      if (time === "offset") counts.withOffset += 1;
      return;
    }
    const number = numberOf(text);
    if (number !== "none") counts[number] += 1;
    const json = jsonOf(text);
    if (json === "none") return;
    counts.json += 1;
    if (json === "document") counts.jsonDocuments += 1;
    if (jsonbRefuses(text)) counts.jsonNul += 1;
  }
}
