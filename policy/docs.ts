import { coverageOf } from "./controls/coverage";
import { renderCoverage } from "./controls/coverageTable";
import { LIMIT_TEXTS, LIMITS, type LimitName, PROFILE_NAMES } from "./limits";
import type { Rule, RuleInfo } from "./rule";
import { REPORTED } from "./running/findings";

const INTRODUCTION = `# Policies

<!-- Written by \`npm run docs\` from the rules themselves. -->

Rules that a stack has to keep. They are judged on a preview, before anything is created, and again on what is up:

\`\`\`sh
npx ladder policy                                 # every stack that can be previewed
npx ladder policy prod                            # one; a stack in a cloud is judged over a rehearsal
npx ladder policy prod --real                     # the real one, with your credentials
npx ladder policy prod --sarif policies.sarif --junit policies.xml  # for CI as well
npm run pulumi -- preview --stack prod --policy-pack policy/pack --policy-pack-config policy/profiles/prod.json
\`\`\`

A violated **mandatory** rule stops the run with exit code 4; an **advisory** one is only shown; a **disabled** one is not
asked. No message contains a secret. How CI takes part: [ci.md](ci.md).

The pack runs compiled (\`policy/bin/\`, not in git). It compiles itself when a rule has changed since. As an executable
file (\`policy/pack\`) it needs \`node\` on the PATH and does not start on Windows; the directory (\`--policy-pack policy\`)
does, with an official Pulumi CLI.

## Profiles

The tier of a stack chooses its profile: **prod** from tier \`enterprise\` on, **dev** below. A profile is a policy-pack
configuration, \`policy/profiles/dev.json\` or \`prod.json\`. Without one, as in a plain \`pulumi preview --policy-pack\`, the
levels and limits of prod count. Own levels and limits go over the profile by \`--policy-config <file>\`:

\`\`\`json
{ "rds-multi-az": { "enforcementLevel": "mandatory" }, "log-retention": { "logRetentionDays": 90 } }
\`\`\`

A name that no policy has is refused, and so is \`all\`, which would set the level of everything at once. Both pass the engine
without a word.

## Unverified, and the second pass

A preview does not know every value: an ARN is known when \`up\` has made what it names. A rule that needs such a value says
**unverified**: that is shown, and does not stop the run. \`ladder policy\` of a stack that is up looks at its state as well, where
everything is known, and decides what the preview left open, as long as the change leaves the resource as it is. So run it again
after \`up\`; the workflows do.

## Exemptions

A rule that some resource need not keep for a time is exempted in \`policy/exemptions.json\`:

\`\`\`json
[
  {
    "policy": "rds-multi-az",
    "urn": "urn:pulumi:prod::scaling-ladder::*::database-primary",
    "reason": "The standby zone is full until the quota is raised.",
    "owner": "platform@example.com",
    "expires": "2027-03-31"
  }
]
\`\`\`

\`*\` in a URN stands for any text. An exempt finding is always printed. An exemption that has expired, or that nothing needs any
more, stops the run: [exemptions-current](#exemptions-current).
`;

const LIMITATIONS = `## What the policies do not see

- What stands outside the stack: settings of the account, other stacks, what somebody made by hand. A network or a key that a setting
  only names is judged by what the stack says about it.
- What happens in use: whether a backup can be restored, an alarm reaches anybody, a certificate is renewed.
- The inside of images and migrations, and what controllers make in the cluster.
- In \`pulumi up --policy-pack\`, rules about several resources are asked when everything has been made. So judge a preview first, as
  the workflows do.
- A rehearsal takes what the settings say; the real preview (\`--real\`) also takes what the account answers.
`;

type Told = Rule | RuleInfo;

/** Of which service a rule speaks, as the part that its type tokens have in common: `aws:rds`, `kubernetes`. */
function concernOf(rule: Told): string {
  if (!("scope" in rule) || rule.scope === "stack") return "The stack as a whole";
  const [provider = "", service = ""] = (rule.types[0] ?? "").split(/[:/]/);
  return `\`${provider === "aws" ? `${provider}:${service}` : provider}\``;
}

const about = (rule: Told): string =>
  "scope" in rule && rule.scope === "resource"
    ? rule.types.map((type) => `\`${type}\``).join(", ")
    : "several resources, or what the stack as a whole has";

const levels = ({ levels: { dev, prod } }: Told): string => (dev === prod ? dev : `${dev} in dev, ${prod} in prod`);

const limitsOf = ({ limits = [] }: Told): string[] =>
  limits.map((name) => `- **Limit:** \`${name}\`: ${LIMIT_TEXTS[name]} ${valuesOf(name)}`);

const shownLimit = (value: unknown): string =>
  Array.isArray(value) ? (value.length === 0 ? "none" : value.join(", ")) : String(value);

function valuesOf(name: LimitName): string {
  const [dev, prod] = PROFILE_NAMES.map((profile) => shownLimit(LIMITS[profile][name]));
  return dev === prod ? `(${dev})` : `(dev: ${dev}; prod: ${prod})`;
}

function section(rule: Told): string {
  return [
    `#### ${rule.name}`,
    "",
    rule.description,
    "",
    `- **Level:** ${levels(rule)}`,
    `- **About:** ${about(rule)}`,
    `- **Why:** ${rule.why}`,
    `- **Fix:** ${rule.remedy}`,
    ...limitsOf(rule),
    `- **Shows:** ${rule.ids.join(", ")}`,
    "",
  ].join("\n");
}

function sections(rules: readonly Told[]): string[] {
  const concerns = [...new Set(rules.map(concernOf))];
  return concerns.flatMap((concern) => [
    `### ${concern}\n`,
    ...rules.filter((rule) => concernOf(rule) === concern).map(section),
  ]);
}

/** The page docs/policies.md, from the rules. */
export function renderPolicyDocs(rules: readonly Told[] = REPORTED): string {
  const rows = rules.map(
    ({ name, description, levels: { dev, prod } }) => `| [${name}](#${name}) | ${dev} | ${prod} | ${description} |`,
  );
  const table = ["| policy | dev | prod | what it asks |", "|---|---|---|---|", ...rows].join("\n");
  return [
    INTRODUCTION,
    `## All policies\n\n${table}\n`,
    "## One by one\n",
    ...sections(rules),
    LIMITATIONS,
    renderCoverage(coverageOf(rules)),
  ].join("\n");
}
