import { randomUUID } from "node:crypto";
import { escapeIdentifier } from "pg";
import type { CodecSpec, ColumnPlan, Plan, Run, TablePlan } from "../../../promotion/model";
import { targetOf } from "../../../promotion/target/session";
import { codecOf } from "../../../promotion/values/codec";
import type { Connection } from "../../../schema/connection";

/** What a promotion is given, made by hand; also for programs that are started by a test. */

export const connectionTo = (server: { readonly host: string; readonly port: number }, name: string): Connection => ({
  host: server.host,
  port: server.port,
  database: name,
  user: "keeper",
  password: "keeper",
  sslmode: "disable",
  connectTimeoutSeconds: 10,
});

/** What a column becomes, by its name; `"x" INTEGER` is what it is called in SQLite. */
export type Columns = Readonly<Record<string, CodecSpec>>;

export interface TableOptions extends Partial<Omit<TablePlan, "columns" | "source" | "target">> {
  /** Further constraints in CREATE TABLE. */
  readonly constraints?: readonly string[];
}

export interface PlannedTable {
  readonly plan: TablePlan;
  readonly create: string;
}

/** A table of the same name and columns on both sides. The key is `sourceKey`: nothing where it is not given. */
export function planned(name: string, columns: Columns, options: TableOptions = {}): PlannedTable {
  const { constraints = [], sourceKey = [], ...rest } = options;
  const columnPlans: ColumnPlan[] = Object.entries(columns).map(([target, codec]) => ({
    select: `s."${target.replaceAll('"', '""')}"`,
    target,
    codec,
  }));
  const definitions = [
    ...columnPlans.map(({ target, codec }) => `${escapeIdentifier(target)} ${codecOf(codec).type}`),
    ...(sourceKey.length === 0 ? [] : [`PRIMARY KEY (${sourceKey.map(escapeIdentifier).join(", ")})`]),
    ...constraints,
  ];
  return {
    plan: { source: name, target: name, sourceKey, targetKey: sourceKey, columns: columnPlans, uniques: [], ...rest },
    create: `CREATE TABLE public.${escapeIdentifier(name)} (${definitions.join(", ")})`,
  };
}

export const planOf = (tables: readonly PlannedTable[], more: Partial<Plan> = {}): Plan => ({
  sourceSetup: [],
  sourceTeardown: [],
  create: tables.map(({ create }) => create),
  indexes: [],
  foreignKeys: [],
  finish: [],
  tables: tables.map(({ plan }) => plan),
  leftOut: [],
  ...more,
});

export function runOf(connection: Connection, path: string, plan: Plan, more: Partial<Run> = {}): Run {
  const id = randomUUID();
  return {
    id,
    source: { path, busyTimeoutMs: 1_000 },
    target: targetOf(connection, id),
    plan,
    workers: 2,
    onProgress: () => undefined,
    ...more,
  };
}
