import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** A file of the project and what it imports, both as paths from the project folder. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every file of the project that git has or would take, without what it ignores. */
export function projectFiles(root: string): SourceFile[] {
  const listed = execFileSync("git", ["-c", "safe.directory=*", "ls-files", "-coz", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split("\0"))]
    .filter((path) => path !== "" && existsSync(join(root, path)) && statSync(join(root, path)).isFile())
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

export const isCode = ({ path }: SourceFile): boolean => /\.(ts|cjs)$/.test(path);

const parse = ({ path, text }: SourceFile): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

const textOf = (node: ts.Node | undefined): string[] => (node && ts.isStringLiteralLike(node) ? [node.text] : []);

function specifierIn(node: ts.Node): string[] {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isExternalModuleReference(node)) return textOf(node.expression);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  if (!ts.isCallExpression(node)) return [];
  const callee = node.expression.getText();
  return node.expression.kind === ts.SyntaxKind.ImportKeyword || callee === "require" || callee === "require.resolve"
    ? textOf(node.arguments[0])
    : [];
}

/** What a file imports, as it is written there; types count too. */
export function importsOf(file: SourceFile): string[] {
  const found: string[] = [];
  walk(parse(file), (node) => found.push(...specifierIn(node)));
  return found;
}

/** The file of the project that an import means, undefined for a package. */
export function target(from: string, specifier: string, known: ReadonlySet<string>): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const base = join(dirname(from), specifier);
  return [base, `${base}.ts`, `${base}.cjs`, join(base, "index.ts"), base.replace(/\.js$/, ".ts")].find((path) =>
    known.has(path),
  );
}

/** Code file → the files of the project that it imports. Throws on an import that leads nowhere. */
export function importGraph(files: readonly SourceFile[]): Map<string, string[]> {
  const known = new Set(files.map(({ path }) => path));
  return new Map(
    files.filter(isCode).map((file) => {
      const targets = importsOf(file)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => {
          const path = target(file.path, specifier, known);
          if (path === undefined) throw new Error(`${file.path} imports ${specifier}, which is no file of the project`);
          return path;
        });
      return [file.path, [...new Set(targets)]];
    }),
  );
}

/** The first level of the path: the folder that the import rules know, or the file itself at the top. */
export const houseOf = (path: string): string => path.split("/")[0] ?? path;

/** Imports that the table does not allow, one line each. A folder that the table does not know is one too. */
export function wrongDirections(
  graph: ReadonlyMap<string, readonly string[]>,
  allowed: Readonly<Record<string, readonly string[] | "all">>,
): string[] {
  return [...graph].flatMap(([from, targets]) => {
    const rule = allowed[houseOf(from)];
    if (rule === undefined) return [`${from}: ${houseOf(from)} is not in the table of import directions`];
    if (rule === "all") return [];
    return targets
      .filter((path) => isCode({ path, text: "" }))
      .filter((path) => houseOf(path) !== houseOf(from) && !rule.includes(houseOf(path)))
      .map((path) => `${from} imports ${path}`);
  });
}

/** Circles of imports, each as the way round. */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) found.push([...way.slice(start), path].join(" → "));
    if (start >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

/** Places where something other than one of JavaScript's own classes is made inside `.apply(…)`. */
export function madeInsideApply(file: SourceFile): string[] {
  const found: string[] = [];
  const source = parse(file);
  walk(source, (node) => {
    const isApply =
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === "apply";
    if (!isApply) return;
    for (const argument of node.arguments)
      walk(argument, (inner) => {
        if (!ts.isNewExpression(inner) || inner.expression.getText() in globalThis) return;
        const line = source.getLineAndCharacterOfPosition(inner.getStart()).line + 1;
        found.push(`${file.path}:${line} makes a ${inner.expression.getText()} inside apply`);
      });
  });
  return found;
}
