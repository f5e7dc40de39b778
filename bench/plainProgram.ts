import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UNKNOWN } from "../guard/change";
import { type PreviewStep, parsePreview, type ResourceState } from "../guard/previewSteps";
import { nameOf } from "../guard/urn";

const PROVIDER = "pulumi:providers:";
const SECRET = "[secret]";

/** The resources of a preview: what a provider makes, and the providers that the program itself configures. */
export const resourcesIn = (previewJson: string): PreviewStep[] =>
  parsePreview(previewJson).steps.filter(
    ({ urn, type, new: made }) =>
      made?.custom === true && type !== "pulumi:pulumi:Stack" && !nameOf(urn).startsWith("default_"),
  );

/** Type and name of each, to compare two programs by. */
export const namesIn = (previewJson: string): string[] =>
  resourcesIn(previewJson)
    .map(({ urn, type }) => `${type} ${nameOf(urn)}`)
    .sort();

/**
 * Writes the same resources as a project of plain Pulumi, the way its own templates do: one file that imports whole SDKs, no
 * components, and a runtime without options. What only a run knows is taken from the resource that it came from.
 * @param previewJson A preview of the stack from nothing.
 * @param modules Folder of the installed packages.
 */
export function writePlainProject(folder: string, previewJson: string, modules: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: scaling-ladder\nruntime: nodejs\n");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "plain", main: "index.ts" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: COMPILER, files: ["index.ts"] }));
  writeFileSync(join(folder, "index.ts"), plainProgram(resourcesIn(previewJson)));
  symlinkSync(modules, join(folder, "node_modules"));
}

/** As `pulumi new` writes them, but for the declarations of the packages: not checking those is quicker. */
const COMPILER = {
  strict: true,
  outDir: "bin",
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  types: ["node"],
  sourceMap: true,
  skipLibCheck: true,
};

const HEAD = `import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const later = (of: pulumi.CustomResource): pulumi.Output<any> => of.id;
const hidden = (value: pulumi.Input<unknown>): pulumi.Output<any> => pulumi.secret(value);
`;

/** @param steps In an order in which nothing comes before what it is made from, as the engine tells them. */
export function plainProgram(steps: readonly PreviewStep[]): string {
  const variables = new Map(steps.map(({ urn }, index) => [urn, `r${index}`]));
  const providers = new Map(
    steps.filter(({ type }) => type.startsWith(PROVIDER)).map(({ urn, type }) => [packageOf(type), variables.get(urn)]),
  );
  const lines = steps.flatMap(({ urn, type, new: made }) => {
    if (made === undefined) return [];
    const inputs = inputsOf(type, made).map(([input, value]) => {
      const from = [...(made.propertyDependencies[input] ?? []), ...made.dependencies];
      const source = from.map((one) => variables.get(one)).find((one) => one !== undefined);
      return `  ${JSON.stringify(input)}: ${written(value, source, `${urn}, ${input}`)},`;
    });
    const provider = type.startsWith(PROVIDER) ? undefined : providers.get(packageOf(type));
    const options = [
      ...(provider === undefined ? [] : [`provider: ${provider}`]),
      ...(made.protect ? ["protect: true"] : []),
      ...(made.retainOnDelete ? ["retainOnDelete: true"] : []),
    ].join(", ");
    return [
      `const ${variables.get(urn)} = new ${className(type)}(${JSON.stringify(nameOf(urn))}, {`,
      ...inputs,
      `}, { ${options} });`,
    ];
  });
  return [HEAD, ...lines, ""].join("\n");
}

const packageOf = (type: string): string =>
  (type.startsWith(PROVIDER) ? type.slice(PROVIDER.length) : type.split(":")[0]) ?? "";

/** `aws:ec2/vpc:Vpc` is `aws.ec2.Vpc`, `kubernetes:networking.k8s.io/v1:NetworkPolicy` is `kubernetes.networking.v1.NetworkPolicy`. */
export function className(type: string): string {
  if (type.startsWith(PROVIDER)) return `${packageOf(type)}.Provider`;
  const [sdk = "", module = "", name = ""] = type.split(":");
  const [group = "", version = ""] = module.split("/");
  const folder = group.replace(/\..*$/, "");
  if (sdk === "kubernetes") return `kubernetes.${folder}.${version}.${name}`;
  return folder === "index" ? `${sdk}.${name}` : `${sdk}.${folder}.${name}`;
}

/** A provider gets its configuration as text; the SDK takes it as values and adds its own version. */
function inputsOf(type: string, { inputs }: ResourceState): [string, unknown][] {
  const given = Object.entries(inputs).filter(([name]) => !name.startsWith("__"));
  if (!type.startsWith(PROVIDER)) return given;
  return given.filter(([name]) => name !== "version").map(([name, value]) => [name, configured(value)]);
}

function configured(value: unknown): unknown {
  if (typeof value !== "string" || value === SECRET) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** @param source Variable of the resource that unknown values come from. */
function written(value: unknown, source: string | undefined, where: string): string {
  if (value === UNKNOWN) {
    if (source === undefined) throw new Error(`nothing tells where the value of ${where} comes from`);
    return `later(${source})`;
  }
  if (value === SECRET) return source === undefined ? `hidden(${JSON.stringify(SECRET)})` : `hidden(later(${source}))`;
  if (Array.isArray(value)) return `[${value.map((item) => written(item, source, where)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${written(item, source, where)}`);
  return `{ ${members.join(", ")} }`;
}
