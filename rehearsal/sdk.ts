import { readFileSync } from "node:fs";

/** What a package's SDK knows of a type: enough to tell a wrong or missing input without the provider itself. */
export interface Shape {
  readonly inputs: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
  /** Outputs that no input sets. */
  readonly outputs: ReadonlySet<string>;
}

const shapes = new Map<string, Shape>();

/** All kinds of custom resources share one class, which takes what it gets; these are the fields that such an object has. */
const CUSTOM_RESOURCE: Shape = {
  inputs: new Set(["apiVersion", "kind", "metadata", "spec"]),
  required: new Set(["apiVersion", "kind"]),
  outputs: new Set(["status"]),
};

/** What such a resource is told, all of it required, and what it then tells. */
function own(inputs: string, outputs: string): Shape {
  const names = new Set(inputs.split(" "));
  // The program declares its outputs as inputs without a value.
  return { inputs: new Set([...names, ...outputs.split(" ")]), required: names, outputs: new Set(outputs.split(" ")) };
}

/** Resources of this project's own providers on this machine (`local/`), which no SDK has. */
const OWN: ReadonlyMap<string, Shape> = new Map([
  [
    "pulumi-nodejs:dynamic/local:Migrations",
    {
      inputs: new Set("catalogue host port database username password sslmode caFile scheduler migrations".split(" ")),
      required: new Set("catalogue host port database username password sslmode migrations".split(" ")),
      outputs: new Set<string>(),
    },
  ],
  [
    "pulumi-nodejs:dynamic/local:SqliteFile",
    own("path stack catalogue busyTimeoutMs migrations backups", "journalMode mode"),
  ],
  ["pulumi-nodejs:dynamic/local:Folder", own("path setting", "mode")],
  ["pulumi-nodejs:dynamic/local:EnvFile", own("path stack values", "block mode")],
]);

/** A kind of a group that is not Kubernetes' own, such as `kubernetes:postgresql.cnpg.io/v1:Cluster`. */
const isCustomResource = (type: string): boolean =>
  /^kubernetes:(?!.*\.k8s\.io\/)[a-z0-9-]+(\.[a-z0-9-]+)+\/v\d\w*:[A-Z]\w*$/.test(type);

/** The shape of a type, read from the file that the SDK has for it; undefined when the SDK has no such type. */
export function shapeOf(type: string): Shape | undefined {
  const known = shapes.get(type) ?? OWN.get(type);
  if (known !== undefined) return known;
  const source = sourceOf(type);
  if (source === undefined) return isCustomResource(type) ? CUSTOM_RESOURCE : undefined;
  const shape = readShape(source);
  shapes.set(type, shape);
  return shape;
}

/** `aws:rds/instance:Instance` stands in `@pulumi/aws/rds/instance.js`; `kubernetes:apps/v1:Deployment` in `apps/v1/deployment.js`. */
function sourceOf(type: string): string | undefined {
  const [pkg = "", module = "", name = ""] = type.split(":");
  const own = name.charAt(0).toLowerCase() + name.slice(1);
  const folder =
    pkg === "kubernetes"
      ? `${module.replace(/\.(k8s\.io|sh)(?=\/)/, "")}/`
      : module.startsWith("index/")
        ? ""
        : `${module.split("/")[0]}/`;
  try {
    return readFileSync(require.resolve(`@pulumi/${pkg}/${folder}${own}.js`), "utf8");
  } catch {
    return undefined;
  }
}

function readShape(source: string): Shape {
  const made = source.slice(
    source.lastIndexOf("const args = argsOrState") === -1 ? 0 : source.lastIndexOf("const args = argsOrState"),
  );
  const found = (pattern: RegExp) => new Set([...made.matchAll(pattern)].map((match) => match[1] ?? ""));
  // What is an output where a resource is made may be one again where it is only looked up: inputs are told first.
  const inputs = found(/resourceInputs\["(\w+)"\] = (?!undefined \/\*out\*\/)/g);
  const outputs = found(/resourceInputs\["(\w+)"\] = undefined \/\*out\*\//g);
  return {
    inputs,
    required: found(/Missing required property '(\w+)'/g),
    outputs: new Set([...outputs].filter((name) => !inputs.has(name))),
  };
}
