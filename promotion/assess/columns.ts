import { quoteName } from "../../local/sqlite/shape";
import type { Plan, Rules, SourceColumn, SourceTable, TableProfile } from "../model";
import { propose } from "../translate/propose";
import { codecOf } from "../values/codec";
import type { AssessedColumn, AssessedTable } from "./assessment";

const NOTHING = { null: 0, integer: 0, real: 0, text: 0, blob: 0 };

/** What each column becomes: as the mapping onto a catalogue's tables has it, or as it is proposed. */
export function assessedTables(
  tables: readonly SourceTable[],
  profiles: readonly TableProfile[],
  rules: Rules,
  mapped: { readonly plan?: Plan } | undefined,
): AssessedTable[] {
  return tables.map((table, at) => {
    const profile = profiles[at];
    const rule = rules.tables[table.name];
    const columnOf = (column: SourceColumn, index: number): AssessedColumn => {
      const counted = profile?.columns[index];
      const seen = { name: column.name, declared: column.declared, classes: counted?.classes ?? NOTHING };
      if (mapped !== undefined) return { ...seen, ...byMapping(mapped.plan, table.name, column.name) };
      const { codec, why, warning, question } = propose({
        table,
        column,
        profile: counted,
        rule: rule?.columns?.[column.name],
      });
      return {
        ...seen,
        type: codecOf(codec).type,
        codec,
        why,
        ...(warning === undefined ? {} : { warning }),
        ...(question === undefined ? {} : { question }),
      };
    };
    return {
      name: table.name,
      rows: profile?.rows ?? 0,
      bytes: profile?.bytes ?? 0,
      largestRowBytes: profile?.largestRowBytes ?? 0,
      carried: rule?.skip !== true,
      columns: table.columns.map(columnOf),
    };
  });
}

function byMapping(
  plan: Plan | undefined,
  table: string,
  column: string,
): Pick<AssessedColumn, "type" | "codec" | "why"> {
  const target = plan?.tables.find(({ source }) => source === table);
  const found = target?.columns.find(({ select }) => select === `s.${quoteName(column)}`);
  if (target === undefined || found === undefined) return { why: "the mapping decides" };
  return { type: codecOf(found.codec).type, codec: found.codec, why: `becomes ${target.target}.${found.target}` };
}
