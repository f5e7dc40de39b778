import type { Rule } from "./rule";
import { RULES } from "./rules";

const INTRODUCTION = `# Policies

<!-- Written by \`npm run docs\` from the rules themselves. -->

Rules that a stack has to keep. They are judged on a preview, before anything is created:

\`\`\`sh
npm run policy                                    # every stack that can be previewed
npm run pulumi -- preview --policy-pack policy/pack  # the engine's own output
pulumi preview --policy-pack policy               # the pack as a directory, with an official Pulumi CLI
\`\`\`

A violated **mandatory** rule stops the run; an **advisory** one is only shown. A value that is not known before
\`pulumi up\` makes a rule **unverified**: that is shown and does not stop the run. No message contains a secret.

The pack runs compiled (\`policy/bin/\`, not in git). It compiles itself when a rule has changed since. As an executable
file it needs \`node\` on the PATH and does not start on Windows; the directory does.
`;

const about = (rule: Rule): string =>
  rule.scope === "stack" ? "the whole stack" : rule.types.map((type) => `\`${type}\``).join(", ");

function section(rule: Rule): string {
  return `## ${rule.name}

${rule.description}

- **Level:** ${rule.level}
- **About:** ${about(rule)}
- **Why:** ${rule.why}
- **Fix:** ${rule.remedy}
- **Shows:** ${rule.ids.join(", ")}
`;
}

/** The page docs/policies.md, from the rules. */
export function renderPolicyDocs(rules: readonly Rule[] = RULES): string {
  const rows = rules.map((rule) => `| [${rule.name}](#${rule.name}) | ${rule.level} | ${rule.description} |`);
  const table = ["| policy | level | what it asks |", "|---|---|---|", ...rows].join("\n");
  return [INTRODUCTION, `${table}\n`, ...rules.map(section)].join("\n");
}
