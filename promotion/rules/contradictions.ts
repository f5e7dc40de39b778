import type { ColumnRule, SourceSchema } from "../model";
import type { RulesText } from "./shape";

/** What is wrong, and where: the keys that lead there. */
export interface Problem {
  readonly path: readonly string[];
  readonly message: string;
}

const TIMES: readonly string[] = ["timestamp", "timestamptz", "date"];

/** Each key with the types that it goes with. Without a type the one that ladder proposes decides. */
const GOES_WITH: readonly { key: keyof ColumnRule; types: readonly string[]; needsType: boolean }[] = [
  { key: "precision", types: ["numeric"], needsType: true },
  { key: "scale", types: ["numeric"], needsType: true },
  { key: "round", types: ["numeric"], needsType: false },
  { key: "from", types: TIMES, needsType: false },
  { key: "nul", types: ["text"], needsType: false },
  { key: "invalid", types: ["text"], needsType: false },
];

function ofColumn(path: readonly string[], rule: ColumnRule): Problem[] {
  const { type, precision, scale } = rule;
  const wrong = GOES_WITH.filter(
    ({ key, types, needsType }) => rule[key] !== undefined && (type === undefined ? needsType : !types.includes(type)),
  ).map(({ key, types }) => ({
    path: [...path, key],
    message: `${key} goes with type ${types.join(", ")}, and the type is ${type ?? "not set"}. Set that type, or remove ${key}.`,
  }));
  if (type === "text" && rule.empty !== undefined)
    wrong.push({
      path: [...path, "empty"],
      message: "an empty text stays an empty text in a column of type text. Remove empty.",
    });
  if (scale !== undefined && (precision === undefined || scale > precision))
    wrong.push({
      path: [...path, "scale"],
      message: `scale ${scale} needs a precision of at least ${Math.max(scale, 1)}: all the digits, before and after the point.`,
    });
  return wrong;
}

/** Two things that would get one name in PostgreSQL, where names are compared exactly. */
function sameNames(what: string, names: readonly { name: string; to: string; path: readonly string[] }[]): Problem[] {
  return names.flatMap((one) => {
    const other = names.find(({ name, to }) => name !== one.name && to === one.to);
    const renamed = one.to !== one.name;
    return other === undefined || !renamed
      ? []
      : [
          {
            path: [...one.path, "rename"],
            message: `${what} ${one.name} and ${other.name} would both be named ${one.to}. Choose another name.`,
          },
        ];
  });
}

/** What the rules say that cannot be together. Names are already those of the schema. */
export function contradictionsIn(rules: RulesText, schema: SourceSchema): Problem[] {
  const kept = schema.tables.filter(({ name }) => rules.tables[name]?.skip !== true);
  const tableNames = kept.map(({ name }) => ({
    name,
    to: rules.tables[name]?.rename ?? name,
    path: ["tables", name],
  }));
  const ofTables = schema.tables.flatMap(({ name, columns }) => {
    const rule = rules.tables[name];
    if (rule === undefined) return [];
    const path = ["tables", name];
    if (rule.skip === true && (rule.rename !== undefined || Object.keys(rule.columns ?? {}).length > 0))
      return [
        {
          path: [...path, "skip"],
          message: "a table that is left out has no other rules. Remove skip, or the rest.",
        },
      ];
    const columnPath = (column: string): string[] => [...path, "columns", column];
    const renames = columns.map((column) => ({
      name: column.name,
      to: rule.columns?.[column.name]?.rename ?? column.name,
      path: columnPath(column.name),
    }));
    const single = Object.entries(rule.columns ?? {}).flatMap(([column, one]) => ofColumn(columnPath(column), one));
    return [...single, ...sameNames("columns", renames)];
  });
  return [...ofTables, ...sameNames("tables", tableNames)];
}
