import { type Token, tokens } from "./tokens";
import { Unsure } from "./unsure";

/** Walks over the tokens of a piece of SQL. Words are compared without regard to case. */
export class Reader {
  private readonly all: readonly Token[];
  private at = 0;

  /** @throws Unsure for what is no SQL of SQLite. */
  constructor(sql: string) {
    this.all = tokens(sql);
  }

  peek(ahead = 0): Token {
    return this.all[Math.min(this.at + ahead, this.all.length - 1)] ?? { kind: "end", value: "" };
  }

  next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }

  /** Whether the next tokens are these words or operators. */
  sees(...values: readonly string[]): boolean {
    return values.every((value, n) => is(this.peek(n), value));
  }

  /** Steps over the next tokens when they are these. */
  takes(...values: readonly string[]): boolean {
    const seen = this.sees(...values);
    if (seen) this.at += values.length;
    return seen;
  }

  /** @throws Unsure when something else comes next. */
  expect(value: string): void {
    if (!this.takes(value)) throw new Unsure(`it has ${this.shown()} where ${value} was expected`);
  }

  /** A name, quoted or not. */
  name(): string {
    const token = this.next();
    if (token.kind === "word" || token.kind === "name") return token.value;
    throw new Unsure(`it has ${token.value || "its end"} where a name was expected`);
  }

  /** @throws Unsure when anything is left. */
  end(): void {
    if (this.peek().kind !== "end") throw new Unsure(`it goes on with ${this.shown()}`);
  }

  shown(): string {
    return this.peek().value.toUpperCase() || "its end";
  }
}

const is = (token: Token, value: string): boolean =>
  (token.kind === "word" || token.kind === "operator") && token.value.toLowerCase() === value;
