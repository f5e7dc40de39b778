import { Document, isMap, isScalar } from "yaml";
import { interpolated, type Part, type Service, type Variable } from "./service";

export interface ComposeFile {
  /** Beginning of the names of containers, networks and volumes: another one would begin with empty volumes. */
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, Record<string, never>>>;
}

/** A project name as Compose takes it: lower-case letters, digits, dashes and underscores. */
export const projectName = (stack: string): string => `aibase-${stack.toLowerCase().replace(/[^a-z0-9_-]/g, "-")}`;

/** What a service is comes first, what all have in common last. */
const ORDER: readonly (keyof Service)[] = [
  "image",
  "build",
  "entrypoint",
  "command",
  "environment",
  "depends_on",
  "ports",
  "volumes",
  "networks",
  "healthcheck",
  "restart",
  "stop_grace_period",
  "user",
  "mem_limit",
  "shm_size",
  "cpu_shares",
  "pids_limit",
  "read_only",
  "tmpfs",
  "cap_drop",
  "cap_add",
  "security_opt",
  "logging",
];

const ordered = (service: Service): Service =>
  Object.fromEntries(
    ORDER.flatMap((key) => (service[key] === undefined ? [] : [[key, service[key]]])),
  ) as unknown as Service;

/** Everything that the parts make up. */
export const composeFile = (name: string, services: Readonly<Record<string, Service>>, parts: readonly Part[]) => ({
  name,
  services: Object.fromEntries(
    [services, ...parts.map((part) => part.services)]
      .flatMap((some) => Object.entries(some))
      .map(([service, what]) => [service, ordered(what)]),
  ),
  volumes: Object.fromEntries(parts.flatMap(({ volumes }) => volumes).map((volume) => [volume, {}])),
});

/**
 * The file as text. There is no `version`: the Compose specification calls it obsolete, and every modern Compose warns of it
 * (github.com/compose-spec/compose-spec, 04-version-and-name.md).
 */
export function composeText(file: ComposeFile, variables: readonly Variable[], head: string): string {
  const document = new Document(interpolated(file, variables), { aliasDuplicateObjects: false });
  document.commentBefore = comment(head);
  for (const part of ["services", "volumes"]) spaced(document, [part]);
  const { services } = file;
  for (const service of Object.keys(services).slice(1)) spaced(document, ["services", service]);
  // Quoted throughout: no port and no `no` is taken for a number or a boolean.
  return document.toString({ lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
}

const comment = (text: string): string =>
  text
    .split("\n")
    .map((line) => ` ${line}`.trimEnd())
    .join("\n");

/** An empty line before a key. */
function spaced(document: Document, path: readonly string[]): void {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1));
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) : undefined;
  if (isScalar(pair?.key)) pair.key.spaceBefore = true;
}

/** What `.env` must hold, without a single value. */
export const exampleText = (variables: readonly Variable[]): string =>
  [
    "# Copy to .env (mode 0600) and fill in, or let `ladder compose … --secrets` do so with random values.",
    "# Passwords: letters, digits and . _ ~ - only, because they stand in addresses as they are.",
    ...variables.flatMap(({ name, purpose, value }) =>
      typeof value === "object"
        ? ["", `# optional: ${purpose}`, `# ${name}=${value.default}`]
        : ["", `# ${purpose}`, `${name}=`],
    ),
    "",
  ].join("\n");
