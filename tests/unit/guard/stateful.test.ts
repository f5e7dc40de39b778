import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { STATEFUL_TYPES, statefulType } from "../../../guard/stateful";
import { projectFiles, type SourceFile } from "../../support/house";

const ROOT = join(__dirname, "../../..");
const SOURCES = { aws: "aws", random: "random", postgresql: "postgresql" } as const;

/** The class of a provider's SDK that has this type token. */
function sdkFile(type: string): { file: string; token: string } | undefined {
  const [pack = "", module = ""] = type.split(":");
  const known = Object.entries(SOURCES).find(([name]) => name === pack)?.[1];
  if (known === undefined) return undefined;
  return { file: join(ROOT, "node_modules/@pulumi", known, `${module.replace(/^index\//, "")}`), token: type };
}

/** Types of the resources that a source makes with the option `protect`. */
function protectedIn({ path, text }: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.arguments?.some((argument) => /\bprotect\b/.test(argument.getText())))
      found.push(tokenOf(node.expression.getText()));
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** The type token of a class of an SDK, such as `aws.rds.Instance`. */
function tokenOf(name: string): string {
  const [pack = "", ...rest] = name.split(".");
  const kind = rest.at(-1) ?? "";
  if (pack === "kubernetes") return `kubernetes:${rest.slice(0, -1).join("/")}:${kind}`;
  const module = rest.length > 1 ? rest[0] : "index";
  return `${pack}:${module}/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`;
}

describe("what the guard knows", () => {
  it("lists each type once", () => {
    const types = STATEFUL_TYPES.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
  });

  const ofSdk = STATEFUL_TYPES.flatMap((known) => {
    const sdk = sdkFile(known.type);
    return sdk ? [{ ...known, ...sdk }] : [];
  });

  it.each(ofSdk)("$type is a type of the installed provider", ({ file, token }) => {
    expect(existsSync(`${file}.js`)).toBe(true);
    expect(readFileSync(`${file}.js`, "utf8")).toContain(`'${token}'`);
  });

  it.each(ofSdk.filter(({ dangers }) => dangers))("the dangerous inputs of $type exist", ({ file, dangers = [] }) => {
    const declared = readFileSync(`${file}.d.ts`, "utf8");
    for (const { property } of dangers)
      expect(declared).toMatch(new RegExp(`^ {4}${property.split(".")[0]}\\??: `, "m"));
  });

  it("has every type that a component protects", () => {
    const sources = projectFiles(ROOT).filter(({ path }) => /^components\/.*\.ts$/.test(path));
    const types = [...new Set(sources.flatMap(protectedIn))];
    expect(types).toContain("aws:rds/instance:Instance");
    // The class of all custom resources; of those that are protected, the one kind is this.
    const custom = "kubernetes:apiextensions:CustomResource";
    const named = types.map((type) => (type === custom ? "kubernetes:postgresql.cnpg.io/v1:Cluster" : type));
    expect(named.filter((type) => statefulType(type) === undefined)).toEqual([]);
  });

  it("is what docs/loss-guard.md lists", () => {
    const documented =
      readFileSync(join(ROOT, "docs/loss-guard.md"), "utf8").match(/`[a-z]+:[^`\s]+:[A-Za-z]+`/g) ?? [];
    expect(documented.map((type) => type.slice(1, -1)).sort()).toEqual(STATEFUL_TYPES.map(({ type }) => type).sort());
  });
});
