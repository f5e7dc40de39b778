import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { writeWhole } from "../../promotion/machine/folder";
import { parseSettings, type SmbSettings, UserError } from "../../settings";
import { fromConfig } from "../../settings/config";
import { NAMESPACE } from "../../settings/problem";
import { isRecord } from "../../settings/record";

/** How a stack's settings file names what a stack on its way up still serves from. */
const PROMOTION = `${NAMESPACE}:promotion`;

/** Reads a settings file as it is written, comments and all. */
export function readDocument(file: string): Document {
  const document = parseDocument(readFileSync(file, "utf8"));
  const [error] = document.errors;
  if (error !== undefined) throw new UserError(`${basename(file)} is not valid YAML: ${error.message.split("\n")[0]}`);
  return document;
}

/** The file is whole at any moment: a run that is killed leaves the old settings or the new ones. */
export const writeDocument = (file: string, document: Document): void => writeWhole(file, String(document));

const configOf = (document: Document): Record<string, unknown> => {
  const content: unknown = document.toJS();
  return isRecord(content) && isRecord(content.config) ? content.config : {};
};

/** The tier that the settings name. */
export const tierOf = (document: Document): unknown => configOf(document)[`${NAMESPACE}:tier`];

/** True while the settings are those of a stack on its way up. */
export const isPromoting = (document: Document): boolean => configOf(document)[PROMOTION] !== undefined;

/**
 * The settings of a stack on its way up: those of the tier it goes to, and with them all that it comes from.
 * @param before the stack's settings until now, of tier development.
 * @param after settings of the tier it goes to. Secrets in it must be this stack's: they are encrypted for one stack alone.
 * @throws UserError or SettingsError when such a stack cannot be.
 */
export function promotingSettings(stack: string, before: Document, after: Document): Document {
  const salt = before.get("encryptionsalt");
  if (/\bsecure:/.test(String(after)) && after.get("encryptionsalt") !== salt)
    throw new UserError(
      `The settings to promote stack ${stack} to hold secrets that are encrypted for another stack. Leave them out of that file; set them for this one: npm run pulumi -- config set --stack ${stack} --secret --path <key> <value>.`,
    );
  smbSettingsOf(stack, after);
  const made = after.clone() as Document;
  for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"])
    if (before.has(key)) made.set(key, before.get(key));
  const config = made.get("config");
  if (!isMap(config)) throw new UserError(`The settings to promote stack ${stack} to have no config.`);
  config.set(PROMOTION, made.createNode({ from: fromConfig(Object.entries(configOf(before))) }));
  smbSettingsOf(stack, made);
  return made;
}

/** The same settings once the stack has arrived. */
export function arrivedSettings(promoting: Document): Document {
  const made = promoting.clone() as Document;
  made.deleteIn(["config", PROMOTION]);
  return made;
}

/** @throws UserError when the settings are none that a stack of tier development goes to; SettingsError when they are wrong. */
export function smbSettingsOf(stack: string, document: Document): SmbSettings {
  const { settings } = parseSettings(fromConfig(Object.entries(configOf(document))), stack);
  if (settings.tier !== "smb")
    throw new UserError(
      `Stack ${stack} cannot be promoted to tier ${settings.tier} by this release. Allowed: smb. Name its settings with --settings Pulumi.smb.yaml, or a file of your own.`,
    );
  return settings;
}
