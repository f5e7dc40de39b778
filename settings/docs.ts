import { NAMESPACE } from "./problem";
import { settingsReference } from "./reference";
import { SCHEMAS } from "./schema";
import { AVAILABLE_TIERS, SIZES, TIER_NAMES, TIERS } from "./tiers";

/** How `Pulumi.yaml` declares a setting, so that `pulumi config` and the engine know it too. */
export interface ConfigDeclaration {
  readonly type: "string" | "integer" | "object";
  readonly description: string;
  readonly default?: unknown;
}

/**
 * The `config` section of `Pulumi.yaml`: top-level keys only, because that is as deep as the engine looks.
 * A group has the default `{}`, which says nothing: the engine would call a group without a default missing.
 */
export function configDeclarations(): Record<string, ConfigDeclaration> {
  const keys = [...new Set(TIER_NAMES.flatMap((tier) => Object.keys(SCHEMAS[tier].shape)))];
  const reference = settingsReference();
  return Object.fromEntries(
    keys.map((key): [string, ConfigDeclaration] => {
      const own = reference.find((entry) => entry.key === key);
      if (key === "users") return [key, { type: "integer", description: own?.description ?? "" }];
      if (key === "tier") return [key, { type: "string", description: own?.description ?? "" }];
      if (own === undefined || key === "tags") {
        return [
          key,
          {
            type: "object",
            default: {},
            description: own?.description ?? `Group of settings; see docs/settings.md#${key}.`,
          },
        ];
      }
      return [key, { type: "string", default: "", description: own.description }];
    }),
  );
}

/** The reference page docs/settings.md. */
export function renderSettingsPage(): string {
  return [
    "# Settings",
    "",
    "<!-- Written by `npm run docs`; change the fields in settings/ instead. -->",
    "",
    `A stack is a file \`Pulumi.<stack>.yaml\`; its settings stand there under \`${NAMESPACE}:\`. They are checked as a whole before`,
    "anything is started, and every problem is told at once. Set them in the file, or with",
    `\`npm run pulumi -- config set --path '${NAMESPACE}:database.busyTimeoutMs' 8000\`.`,
    "",
    "Ids such as S0-37 or C-01 are explained in [requirements.md](requirements.md).",
    "",
    "## The tiers",
    "",
    "| tier | users | database | files | cache | replicas | monthly cost (USD) | also called | sources |",
    "|---|---|---|---|---|---|---|---|---|",
    ...TIERS.map((tier) => {
      const range =
        tier.users.max === Number.POSITIVE_INFINITY
          ? `from ${grouped(tier.users.min)}`
          : `${grouped(tier.users.min)} to below ${grouped(tier.users.max)}`;
      const cost = `${grouped(tier.cost.min)}–${grouped(tier.cost.max)}${tier.cost.derived ? " (derived)" : ""}`;
      const name = `\`${tier.name}\`${AVAILABLE_TIERS.includes(tier.name) ? "" : " ¹"}`;
      const sources = [...new Set([...tier.users.sources, ...tier.limits.sources, ...tier.cost.sources])].join(", ");
      return `| ${name} | ${range}${tier.optIn ? ", by choice" : ""} | ${tier.database} | ${tier.files} | ${tier.cache} | ${tier.replicas.default} | ${cost} | ${tier.aliases.join(", ")} | ${sources} |`;
    }),
    "",
    "¹ The settings are checked; bringing the tier up is not part of this release.",
    "",
    "SQLite tiers advise to move on above 1,000 users and refuse above 10,000.",
    "",
    "| size | vCPU | memory (GiB) | storage (GiB) | sources |",
    "|---|---|---|---|---|",
    ...SIZES.map(
      (size) =>
        `| \`${size.name}\` | ${size.vcpus} | ${size.memoryGiB} | ${size.storageGiB} | ${size.sources.join(", ")} |`,
    ),
    "",
    ...renderGroups(),
  ].join("\n");
}

const grouped = (value: number): string => value.toLocaleString("en-US");

function renderGroups(): string[] {
  const reference = settingsReference();
  const groups = [
    ...new Set(reference.map(({ key }) => (key.includes(".") ? key.slice(0, key.indexOf(".")) : ""))),
  ].sort();
  return groups.flatMap((group) => [
    group === "" ? "## Top level" : `## ${group}`,
    "",
    "| setting | tiers | allowed | default | what it does |",
    "|---|---|---|---|---|",
    ...reference
      .filter(({ key }) => (group === "" ? !key.includes(".") : key.startsWith(`${group}.`)))
      .map(({ key, tiers, allowed, default: standard, required, description }) => {
        const where = tiers.length === TIER_NAMES.length ? "all" : tiers.join(", ");
        const fallback = required ? "required" : standard === "" ? "–" : `\`${standard}\``;
        return `| \`${key}\` | ${where} | ${escaped(allowed)} | ${fallback} | ${escaped(description)} |`;
      }),
    "",
  ]);
}

const escaped = (text: string): string => text.replaceAll("|", "\\|");
