import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROVIDERS } from "../../rehearsal/clouds";
import type { Block, Shape } from "./schema";
import { terraformType } from "./types";

/**
 * Writes schema.json: the arguments of each AWS type that the rehearsals know, as Terraform has them. They are read from
 * the bindings that CDK for Terraform generates from the provider (npm). Run it with `npm run schemas:terraform` after a
 * stack uses a new type, or to take a newer release.
 */
const PACKAGE = "@cdktf/provider-aws";
const RELEASE = "21.22.1";

/** An argument as the bindings describe it: its name, the expression that converts it, and its kind. */
const ARGUMENT = /^\s+(\w+): \{\n\s+value: (.*),\n\s+isBlock: \w+,\n\s+type: "(\w+)",\n\s+storageClassType: "(\w+)"/gm;

/** The arguments in one function of the bindings; those of blocks are in a function that the expression names. */
function argumentsIn(source: string, from: string): Block {
  const start = source.indexOf(from);
  if (start === -1) throw new Error(`the bindings have no ${from}`);
  const body = source.slice(start, source.indexOf("// remove undefined attributes", start));
  const found = [...body.matchAll(ARGUMENT)].flatMap(([, name = "", value = "", kind, stored = ""]) => {
    if (name === "timeouts") return [];
    const converter = /\b(\w+)ToHclTerraform\b/.exec(value)?.[1];
    const isBlock = /^[A-Z]/.test(stored) && converter !== undefined;
    return [[name, isBlock ? argumentsIn(source, `function ${converter}ToHclTerraform(`) : shapeOf(kind)] as const];
  });
  return Object.fromEntries(found);
}

function shapeOf(kind: string | undefined): Shape {
  if (kind === "map") return "map";
  return kind === "list" || kind === "set" ? "list" : "value";
}

/** The source of each resource of the bindings, by Terraform's type. */
function bindings(folder: string): ReadonlyMap<string, string> {
  execFileSync("npm", ["pack", `${PACKAGE}@${RELEASE}`, "--silent"], { cwd: folder });
  const [archive = ""] = readdirSync(folder);
  execFileSync("tar", ["-xzf", archive], { cwd: folder });
  const lib = join(folder, "package/lib");
  const sources = readdirSync(lib, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readFileSync(join(lib, name, "index.js"), "utf8"));
  const resources = sources.filter((source) => /extends cdktf\.TerraformResource /.test(source));
  return new Map(resources.map((source) => [/tfResourceType = "(\w+)"/.exec(source)?.[1] ?? "", source]));
}

function extract(folder: string): void {
  const sources = bindings(folder);
  const tokens = PROVIDERS.flatMap(({ resources }) => [...resources.keys()]).filter((token) =>
    token.startsWith("aws:"),
  );
  const types = tokens.sort().map((token) => {
    const type = terraformType(token, (name) => sources.has(name));
    const source = type === undefined ? undefined : sources.get(type);
    if (type === undefined || source === undefined) throw new Error(`Terraform has no counterpart of ${token}`);
    return [type, argumentsIn(source, "synthesizeHclAttributes()")] as const;
  });
  const release = `${PACKAGE} ${RELEASE} (npm)`;
  writeFileSync(join(__dirname, "schema.json"), `${JSON.stringify({ release, types: Object.fromEntries(types) })}\n`);
  process.stdout.write(`${types.length} types of ${release}\n`);
}

const folder = mkdtempSync(join(tmpdir(), "terraform-schema-"));
try {
  extract(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
