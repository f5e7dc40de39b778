import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Pulumi's pack for AWS, the last one that it published to npm, with what it needs. */
const PACKAGES = {
  "@pulumi/awsguard": "0.3.1",
  "@pulumi/aws": "4.38.1",
  "@pulumi/policy": "1.21.0",
  "@pulumi/pulumi": "3.248.0",
  "aws-sdk": "2.1693.0",
};

/** All of its rules, none of which stops a run. The SDK reads the pack's version from the folder that it runs in. */
const INDEX = `"use strict";
process.chdir(__dirname);
const { AwsGuard } = require("@pulumi/awsguard");
new AwsGuard({ all: "advisory" });
`;

/** Started in the same way as ours (policy/pack). */
const START = `#!/usr/bin/env node
"use strict";
process.argv = [process.argv[0], process.argv[1], process.argv.at(-1), __dirname];
require("@pulumi/pulumi/cmd/run-policy-pack");
`;

/** Installs the pack into an empty folder. Gives what the engine takes, or why there is none. */
export function installPublishedPack(folder: string): { readonly pack: string } | { readonly why: string } {
  mkdirSync(folder, { recursive: true });
  const about = { name: "published-pack", version: "1.0.0", private: true, main: "index.js", dependencies: PACKAGES };
  const pack = join(folder, "pack");
  writeFileSync(join(folder, "package.json"), JSON.stringify(about));
  writeFileSync(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: index.js\n");
  writeFileSync(join(folder, "index.js"), INDEX);
  writeFileSync(pack, START);
  chmodSync(pack, 0o755);
  try {
    const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    execFileSync("npm", words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    return { pack };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/** Package and version, for people. */
export const PUBLISHED_NAME = `@pulumi/awsguard ${PACKAGES["@pulumi/awsguard"]}`;
