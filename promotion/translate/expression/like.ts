import { Unsure } from "../sql/unsure";
import { boolean, closed, opaque, type Typed } from "./typed";

/** LIKE is blind to the case of ASCII's letters in SQLite, and knows no escape unless told one. @throws Unsure */
export function like(
  operator: "like" | "glob" | "match" | "regexp",
  not: boolean,
  operand: Typed,
  pattern: Typed,
  escaped: Typed | undefined,
): Typed {
  if (operator !== "like") throw new Unsure(`it has ${operator.toUpperCase()}`);
  if (operand.kind !== "text" || pattern.kind !== "text")
    throw opaque(operand) ?? opaque(pattern) ?? new Unsure(`it has LIKE on a ${operand.kind}`);
  const character = escaped?.literal ?? "";
  if (
    escaped &&
    (!/^[^A-Za-z]$/.test(character) || pattern.literal === undefined || !escapes(pattern.literal, character))
  )
    throw new Unsure("it has LIKE with an escape that is not written out");
  return boolean(
    `(${closed(operand)} COLLATE "C") ${not ? "NOT " : ""}ILIKE ${closed(pattern)} ESCAPE '${character.replace("'", "''")}'`,
  );
}

/** Whether every escape character escapes a wildcard or itself. */
const escapes = (pattern: string, character: string): boolean =>
  pattern.split(/(?:)/su).every((_, at, all) => {
    const runs = all.slice(0, at + 1).reverse();
    const before = runs.findIndex((one) => one !== character);
    const count = before < 0 ? runs.length : before;
    return count % 2 === 0 || ["%", "_", character].includes(all[at + 1] ?? "");
  });
