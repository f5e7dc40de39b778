import { readFileSync, writeFileSync } from "node:fs";
import { isMap, isPair, parseDocument, type Scalar, visit } from "yaml";

/** What stands in a rehearsal for a secret setting: it needs no passphrase and no cloud key to be read. */
const STAND_IN = "stand-in-of-the-rehearsal";
/** The one secret setting whose form is checked. */
const STAND_IN_URL = "postgresql://stand-in:stand-in@stand-in.invalid:5432/stand-in";

/**
 * Copies a stack's settings file for a rehearsal: encrypted values become stand-ins, and how they were encrypted is left out,
 * so that a rehearsal asks for no key.
 */
export function copySettings(from: string, to: string): void {
  const document = parseDocument(readFileSync(from, "utf8"));
  for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"]) document.delete(key);
  visit(document, {
    Pair(_, pair) {
      if (!isMap(pair.value) || !pair.value.items.every((item) => isPair(item) && String(item.key) === "secure"))
        return undefined;
      if (pair.value.items.length === 0) return undefined;
      const key = String((pair.key as Scalar).value);
      pair.value = document.createNode(key.endsWith("url") ? STAND_IN_URL : STAND_IN);
      return visit.SKIP;
    },
  });
  writeFileSync(to, String(document), { mode: 0o600 });
}
