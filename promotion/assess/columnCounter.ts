import type { ColumnProfile } from "../model";
import { NumberCounter } from "./numberCounter";
import { TextCounter } from "./textCounter";

/** Counts the values of one column as better-sqlite3 gives them with safe integers. */
export class ColumnCounter {
  private readonly classes = { null: 0, integer: 0, real: 0, text: 0, blob: 0 };
  private readonly numbers = new NumberCounter();
  private longestBlobBytes = 0;
  readonly texts = new TextCounter();

  constructor(readonly column: string) {}

  add(value: unknown): void {
    if (typeof value === "string") {
      this.classes.text += 1;
      this.texts.add(value);
    } else if (typeof value === "bigint") {
      this.classes.integer += 1;
      this.numbers.integer(value);
    } else if (typeof value === "number") {
      this.classes.real += 1;
      this.numbers.real(value);
    } else if (Buffer.isBuffer(value)) this.blobs(1, value.length);
    else this.classes.null += 1;
  }

  private blobs(count: number, longest: number): void {
    this.classes.blob += count;
    this.longestBlobBytes = Math.max(this.longestBlobBytes, longest);
  }

  /** Corrects for values that were read as NULL because they were not to be loaded. Texts of that size are no more than texts. */
  apart(storage: "text" | "blob", count: number, longest: number): void {
    this.classes.null -= count;
    if (storage === "blob") {
      this.blobs(count, longest);
      return;
    }
    this.classes.text += count;
    const { counts } = this.texts;
    counts.longestBytes = Math.max(counts.longestBytes, longest);
    counts.longestCharacters = Math.max(counts.longestCharacters, longest);
    // Nobody has looked into them.
    counts.escapes += count;
    this.texts.doubtful = true;
  }

  get textCount(): number {
    return this.classes.text;
  }

  profile(): ColumnProfile {
    const { classes, longestBlobBytes } = this;
    return {
      column: this.column,
      classes: { ...classes },
      ...this.numbers.counted(),
      ...(classes.text === 0 ? {} : { texts: { ...this.texts.counts } }),
      ...(classes.blob === 0 ? {} : { longestBlobBytes }),
    };
  }
}
