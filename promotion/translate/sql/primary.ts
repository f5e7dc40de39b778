import type { Reader } from "./reader";
import type { Expression } from "./syntax";
import { Unsure } from "./unsure";

type ReadExpression = (reader: Reader) => Expression;

const REFUSED = ["select", "exists", "raise", "with", "values"];

/** A literal, a name, a call, CASE, CAST, or an expression in parentheses. */
export function primary(reader: Reader, read: ReadExpression): Expression {
  const token = reader.next();
  switch (token.kind) {
    case "number":
      return { type: "number", text: token.value };
    case "string":
      return { type: "string", value: token.value };
    case "blob":
      return { type: "blob", hex: token.value };
    case "name":
      return named(reader, token.value, token.doubled ?? false, read);
    case "word":
      return word(reader, token.value, read);
    case "operator":
      if (token.value === "(") return parenthesized(reader, read);
  }
  throw new Unsure(`it has ${token.value || "its end"} where a value was expected`);
}

function parenthesized(reader: Reader, read: ReadExpression): Expression {
  const inner = read(reader);
  if (reader.sees(",")) throw new Unsure("it has a row of values");
  reader.expect(")");
  return inner;
}

function word(reader: Reader, text: string, read: ReadExpression): Expression {
  const lower = text.toLowerCase();
  if (lower === "null") return { type: "null" };
  if (lower === "case") return caseOf(reader, read);
  if (lower === "cast" && reader.sees("(")) return cast(reader, read);
  if (lower === "current_timestamp") return { type: "current", what: "timestamp" };
  if (lower === "current_date") return { type: "current", what: "date" };
  if (lower === "current_time") return { type: "current", what: "time" };
  if (REFUSED.includes(lower)) throw new Unsure(`it has ${lower === "select" ? "a subquery" : lower.toUpperCase()}`);
  return named(reader, text, false, read);
}

function named(reader: Reader, name: string, doubled: boolean, read: ReadExpression): Expression {
  if (reader.takes("(")) return call(reader, name.toLowerCase(), read);
  if (!reader.takes(".")) return { type: "column", name, doubled };
  return { type: "column", table: name, name: reader.name(), doubled: false };
}

function call(reader: Reader, name: string, read: ReadExpression): Expression {
  const distinct = reader.takes("distinct");
  const star = reader.takes("*");
  const args: Expression[] = [];
  if (!star && !reader.sees(")")) {
    args.push(read(reader));
    while (reader.takes(",")) args.push(read(reader));
  }
  reader.expect(")");
  if (reader.sees("over") || reader.sees("filter")) throw new Unsure(`it has ${reader.shown()} after ${name}()`);
  return { type: "call", name, distinct, star, args };
}

function caseOf(reader: Reader, read: ReadExpression): Expression {
  const operand = reader.sees("when") ? {} : { operand: read(reader) };
  const whens: { when: Expression; result: Expression }[] = [];
  while (reader.takes("when")) {
    const when = read(reader);
    reader.expect("then");
    whens.push({ when, result: read(reader) });
  }
  const otherwise = reader.takes("else") ? { otherwise: read(reader) } : {};
  reader.expect("end");
  return { type: "case", ...operand, whens, ...otherwise };
}

function cast(reader: Reader, read: ReadExpression): Expression {
  reader.expect("(");
  const operand = read(reader);
  reader.expect("as");
  const words = [reader.name()];
  while (!reader.sees(")") && !reader.sees("(")) words.push(reader.name());
  if (reader.takes("(")) {
    while (reader.peek().kind === "number" || reader.sees(",")) reader.next();
    reader.expect(")");
  }
  reader.expect(")");
  return { type: "cast", operand, to: words.join(" ").toUpperCase() };
}
