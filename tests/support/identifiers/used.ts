import ts from "typescript";
import type { SourceFile } from "../house";

export const KINDS = [
  "metric",
  "parameter",
  "iamAction",
  "servicePrincipal",
  "instanceClass",
  "engineVersion",
  "eventCategory",
  "endpointService",
  "managedPolicy",
  "logType",
  "other",
] as const;
export type Kind = (typeof KINDS)[number];

/** An identifier of AWS that the project uses, and where. */
export interface Used {
  readonly kind: Kind;
  readonly name: string;
  readonly place: string;
}

type Constants = ReadonlyMap<string, ts.Expression>;

/** A source file, parsed, with the values of its own constants. */
interface Reading {
  readonly path: string;
  readonly root: ts.SourceFile;
  readonly constants: Constants;
}

type Collector = (reading: Reading, node: ts.Node) => readonly (readonly [Kind, string])[];

/** Everything that the collectors find in a file. */
export function usedIn({ path, text }: SourceFile): Used[] {
  const root = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const reading: Reading = { path, root, constants: constantsOf(root) };
  const found: Used[] = [];
  const visit = (node: ts.Node): void => {
    const line = root.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    for (const collect of COLLECTORS)
      for (const [kind, name] of collect(reading, node)) found.push({ kind, name, place: `${path}:${line}` });
    node.forEachChild(visit);
  };
  visit(root);
  return found;
}

function constantsOf(root: ts.SourceFile): Constants {
  const found = new Map<string, ts.Expression>();
  for (const statement of root.statements)
    if (ts.isVariableStatement(statement))
      for (const { name, initializer } of statement.declarationList.declarations)
        if (initializer && ts.isIdentifier(name)) found.set(name.text, initializer);
  return found;
}

/** The text of a string or template; what is not written in the file itself becomes `*`. Undefined for anything else. */
function textOf(node: ts.Node, constants: Constants): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isIdentifier(node)) {
    const value = constants.get(node.text);
    return value && (ts.isStringLiteralLike(value) || ts.isTemplateExpression(value))
      ? textOf(value, constants)
      : undefined;
  }
  if (!ts.isTemplateExpression(node)) return undefined;
  const spans = node.templateSpans.map(
    ({ expression, literal }) => `${textOf(expression, constants) ?? "*"}${literal.text}`,
  );
  return [node.head.text, ...spans].join("");
}

/** All texts below a node, through constants of the file. Keys of objects name things of the program, not of AWS. */
function textsBelow(node: ts.Node, constants: Constants): string[] {
  const text = textOf(node, constants);
  if (text !== undefined) return [text];
  if (ts.isIdentifier(node)) {
    const value = constants.get(node.text);
    return value ? textsBelow(value, without(constants, node.text)) : [];
  }
  const found: string[] = [];
  const visit = (inner: ts.Node): void => void found.push(...textsBelow(inner, constants));
  if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(visit);
  else if (ts.isPropertyAssignment(node)) visit(node.initializer);
  else node.forEachChild(visit);
  return found;
}

const without = (constants: Constants, name: string): Constants =>
  new Map([...constants].filter(([key]) => key !== name));

/** The value of a property with one of these names. */
const propertyNamed = (node: ts.Node, names: RegExp): ts.Expression | undefined =>
  ts.isPropertyAssignment(node) && names.test(node.name.getText().replace(/"/g, "")) ? node.initializer : undefined;

/** The value of a constant with one of these names. */
const constantNamed = (node: ts.Node, names: RegExp): ts.Expression | undefined =>
  ts.isVariableDeclaration(node) && names.test(node.name.getText()) ? node.initializer : undefined;

const below =
  (kind: Kind, find: (node: ts.Node) => ts.Expression | undefined, accept: RegExp): Collector =>
  ({ constants }, node) => {
    const value = find(node);
    const texts = value ? textsBelow(value, constants) : [];
    return texts.filter((text) => accept.test(text)).map((text) => [kind, text] as const);
  };

const matching =
  (kind: Kind, pattern: RegExp): Collector =>
  ({ constants }, node) => {
    const name = ts.isIdentifier(node) ? undefined : pattern.exec(textOf(node, constants) ?? "");
    return name ? [[kind, name[1] ?? name[0]] as const] : [];
  };

/** Endpoints are made from their last part: in the file that does so, it is a member of a type or an item of a loop. */
const endpointServices: Collector = ({ root, constants }, node) => {
  if (!root.text.includes("com.amazonaws.")) return [];
  const items =
    ts.isTypeAliasDeclaration(node) && /Endpoint$/.test(node.name.text)
      ? node.type
      : ts.isForOfStatement(node) && ts.isArrayLiteralExpression(node.expression)
        ? node.expression
        : undefined;
  const found: string[] = [];
  const visit = (inner: ts.Node): void => {
    const text = textOf(inner, constants);
    if (text !== undefined) found.push(text);
    inner.forEachChild(visit);
  };
  if (items) visit(items);
  return found.map((text) => ["endpointService", text] as const);
};

const COLLECTORS: readonly Collector[] = [
  below("iamAction", (node) => propertyNamed(node, /^(Not)?Actions?$/), /^[a-z0-9-]+:[A-Za-z*]+$/),
  below("managedPolicy", (node) => constantNamed(node, /POLICIES$/), /^[A-Za-z0-9-]+$/),
  below("eventCategory", (node) => constantNamed(node, /EVENT_CATEGORIES$/), /./),
  below("eventCategory", (node) => propertyNamed(node, /^(eventCategories|backupVaultEvents)$/), /^[^*]+$/),
  below("logType", (node) => constantNamed(node, /LOG_TYPES$/), /./),
  below("logType", (node) => propertyNamed(node, /^(enabledCloudwatchLogsExports|enabledClusterLogTypes)$/), /^[^*]+$/),
  below("engineVersion", (node) => constantNamed(node, /ENGINES$/), /^([a-z]+)?\d+(\.\d+)*$/),
  below("parameter", parameterName, /^[a-z]/),
  matching("servicePrincipal", /^[a-z0-9*.-]+\.amazonaws\.com$/),
  matching("managedPolicy", /^arn:aws:iam::aws:policy\/(?:service-role\/)?([A-Za-z0-9-]+)$/),
  matching("instanceClass", /^(?:db|cache)\.[a-z0-9]+\.[a-z0-9]+$/),
  endpointServices,
];

/** `name` of an item of `parameters: [{ name, value }]`. */
function parameterName(node: ts.Node): ts.Expression | undefined {
  const name = propertyNamed(node, /^name$/);
  const list = node.parent?.parent;
  return name && list && ts.isArrayLiteralExpression(list) && list.parent && propertyNamed(list.parent, /^parameters$/)
    ? name
    : undefined;
}
