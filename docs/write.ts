import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { alertsMarkdown } from "../components/alerting/runbooks";
import { renderPolicyDocs } from "../policy/docs";
import { PROFILE_NAMES } from "../policy/limits";
import { profileConfig } from "../policy/profile";
import { REPORTED } from "../policy/running/findings";
import { configDeclarations, renderSettingsPage } from "../settings/docs";

/** Everything under docs/ (and in Pulumi.yaml) that is made from the code. `npm run docs` writes it; a test compares it. */
export function generatedFiles(root: string): Record<string, string> {
  return {
    "docs/settings.md": renderSettingsPage(),
    "docs/policies.md": renderPolicyDocs(),
    "docs/alerts.md": alertsMarkdown(),
    ...policyProfiles(),
    "Pulumi.yaml": withDeclarations(readFileSync(join(root, "Pulumi.yaml"), "utf8")),
  };
}

/** The profiles as policy-pack configurations, for whoever runs the engine without `ladder`. */
const policyProfiles = (): Record<string, string> =>
  Object.fromEntries(
    PROFILE_NAMES.map((name) => [
      `policy/profiles/${name}.json`,
      `${JSON.stringify(profileConfig(name, REPORTED), null, 2)}\n`,
    ]),
  );

/** `Pulumi.yaml` with its `config` section renewed; comments and the rest stay as they are. */
function withDeclarations(text: string): string {
  const document = parseDocument(text);
  document.set("config", document.createNode(configDeclarations()));
  const config = document.get("config");
  if (isMap(config))
    config.commentBefore = " Written by `npm run docs` from settings/; the reference is docs/settings.md.";
  return document.toString({ lineWidth: 0 });
}

if (require.main === module || process.argv[1] === __filename) {
  const root = join(__dirname, "..");
  for (const [file, text] of Object.entries(generatedFiles(root))) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}
