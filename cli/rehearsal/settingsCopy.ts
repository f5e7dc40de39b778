import { readFileSync, writeFileSync } from "node:fs";
import { isMap, isPair, parseDocument, type Scalar, visit } from "yaml";
import { SEALED } from "../../settings/fields";
import { showValue } from "../../settings/problem";
import { isRecord } from "../../settings/record";
import { applyOverrides, type Overrides } from "./overrides";

/** What stands in a rehearsal for a secret setting: it needs no passphrase and no cloud key to be read. */
const STAND_IN = "stand-in-of-the-rehearsal";
/** The one secret setting whose form is checked. */
const STAND_IN_URL = "postgresql://user-of-the-rehearsal:stand-in-of-the-rehearsal@database.invalid:5432/database";

const standInOf = (key: string): string => (key.endsWith("url") ? STAND_IN_URL : STAND_IN);

/**
 * Copies a stack's settings file for a rehearsal, with overrides written into the copy: encrypted values become stand-ins, and so
 * do secrets that were typed. How values were encrypted is left out, so that a rehearsal asks for no key.
 */
export function copySettings(from: string, to: string, overrides: Overrides = []): void {
  const document = parseDocument(readFileSync(from, "utf8"));
  for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"]) document.delete(key);
  applyOverrides(
    document,
    overrides.map(({ key, value }) => ({ key, value: withStandIns(key, value) })),
  );
  visit(document, {
    Pair(_, pair) {
      if (!isMap(pair.value) || !pair.value.items.every((item) => isPair(item) && String(item.key) === "secure"))
        return undefined;
      if (pair.value.items.length === 0) return undefined;
      pair.value = document.createNode(standInOf(String((pair.key as Scalar).value)));
      return visit.SKIP;
    },
  });
  writeFileSync(to, String(document), { mode: 0o600 });
}

/** A typed value without the secrets in it. */
function withStandIns(key: string, value: unknown): unknown {
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, withStandIns(`${key}.${name}`, child)]),
    );
  return showValue(key, value) === SEALED ? standInOf(key) : value;
}
