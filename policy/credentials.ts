/**
 * Tells whether a text carries a credential, by the name it stands under and by its own form. What it answers says
 * why, and never contains any part of the text.
 */

const CREDENTIAL_WORDS = new Set(
  "password passwd pwd passphrase passcode secret token credential apikey accesskey secretkey privatekey pat".split(
    " ",
  ),
);
const CREDENTIAL_PAIRS = new Set(
  [
    "api key",
    "access key",
    "secret key",
    "private key",
    "auth key",
    "encryption key",
    "signing key",
    "master key",
  ].concat(["account key", "client key", "connection string", "client secret"]),
);
/** A name that ends so names or measures a credential, and does not hold it: `passwordSecretName`, `tokenTtl`. */
const REFERENCE_WORDS = new Set(
  "name id arn ref reference path file length version policy rotation ttl expiry expires days enabled type username user host port region".split(
    " ",
  ),
);

/** `dbPassword`, `DB_PG_PASSWORD` and `db-password` are all [..., "password"]. */
function words(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "")
    .map((word) => (word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word));
}

/** True for a name such as `dbPassword` or `API_KEY`; false for `passwordSecretName`, `monkey` or `tokenTtl`. */
export function isCredentialName(name: string): boolean {
  const all = words(name);
  const last = all.at(-1);
  if (last === undefined) return false;
  return CREDENTIAL_WORDS.has(last) || CREDENTIAL_PAIRS.has(all.slice(-2).join(" "));
}

/** True for a name that refers to something or measures it, whatever stands before its last word. */
export function isReferenceName(name: string): boolean {
  return REFERENCE_WORDS.has(words(name).at(-1) ?? "");
}

/** A text that stands in place of a credential: empty, masked, a variable to be filled in, or a pointer to a vault. */
export function isPlaceholder(text: string): boolean {
  return /^(\s*|\[secret\]|[*xX•.]+|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_][A-Z0-9_]*|<[^>]*>|\{\{[^}]*\}\}|%\w+%|arn:[\w:/.-]+)$/.test(
    text,
  );
}

const FORMS: readonly (readonly [what: string, form: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/],
  ["an AWS access key", /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a GitHub token", /\b(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/],
  ["a GitLab token", /\bglpat-[\w-]{20,}/],
  ["a Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/],
  ["a Stripe key", /\b[rs]k_(live|test)_[A-Za-z0-9]{16,}/],
  ["a Google API key", /\bAIza[\w-]{35}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a Pulumi access token", /\bpul-[0-9a-f]{40}\b/],
  ["a signed token", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/],
  ["an authorization header", /\b(Bearer|Basic) +[A-Za-z0-9+/_.~-]{16,}=*/],
];

/** `://user:password@`; what follows the colon is no password when it is a port with a path behind it. */
const URL_PASSWORD = /:\/\/[^\s@/:]{0,256}:(?!\d+[/?#])([^\s@]{1,1024})@/g;
/** `NAME=value` anywhere (.env, DSN, query), and `name: value` filling a line (YAML). */
const ASSIGNMENT = /([A-Za-z][\w.-]{0,63})=["']?([^\s"',;&]{1,1024})/g;
const YAML_LINE = /^[ \t-]*["']?([A-Za-z][\w.-]{0,63})["']?:[ \t]+["']?([^\s"']{1,8192})["']?[ \t]*$/gm;

const hasPair = (text: string, form: RegExp): boolean =>
  [...text.matchAll(form)].some(
    ([, name, value]) => name !== undefined && isCredentialName(name) && !isPlaceholder(value ?? ""),
  );

/** In a program `secret = other` hands something on; only a literal, `password: "hunter22"`, says what it is. */
const LITERAL = /([A-Za-z][\w.-]{0,63})["']?[ \t]*[=:][ \t]*(["'`])([^\s"'`]{1,1024})\2/g;

const hasLiteral = (text: string): boolean =>
  [...text.matchAll(LITERAL)].some(
    ([, name, , value]) => name !== undefined && isCredentialName(name) && !isPlaceholder(value ?? ""),
  );

/** Of a file of JavaScript or TypeScript, by its name. */
export const isProgram = (file: string): boolean => /\.[cm]?[jt]s$/.test(file);

/**
 * What kind of credential a text carries by its own form, in words; undefined when none is seen.
 * @param of a program's assignments are no settings. Default: settings
 */
export function credentialForm(text: string, of: "settings" | "program" = "settings"): string | undefined {
  const form = FORMS.find(([, pattern]) => pattern.test(text));
  if (form !== undefined) return form[0];
  if ([...text.matchAll(URL_PASSWORD)].some(([, password]) => !isPlaceholder(password ?? ""))) {
    return "a URL with a password";
  }
  const named = of === "program" ? hasLiteral(text) : hasPair(text, ASSIGNMENT) || hasPair(text, YAML_LINE);
  return named ? "a named credential inside a text" : undefined;
}
