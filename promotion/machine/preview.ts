import { statSync } from "node:fs";
import type { Client } from "pg";
import { type Connection, connect } from "../../schema/connection";
import { UserError } from "../../settings/errors";
import type { Estimates } from "../assess/assessment";
import { sourceSide } from "../log/sourceGate";
import type { LeftOut, Plan } from "../model";
import { openSource } from "../source/open";
import { refuseTarget } from "../target/prepare";
import { assessSource } from "./assessSource";
import { findFolder } from "./folder";
import { type Notes, readNotes } from "./notes";
import type { PromoteOptions } from "./options";
import { STEP_TEXTS, STEPS, type StepName } from "./steps";

/** What `--plan` tells. */
export interface Preview {
  readonly stack: string;
  /** The promotion that was begun; undefined when there is none. */
  readonly promotion?: string;
  /** `host:port/database` of PostgreSQL. */
  readonly place: string;
  readonly tables: number;
  /** Of a promotion that is not begun yet. */
  readonly rows?: number;
  readonly estimates?: Estimates;
  readonly sourceBytes: number;
  readonly steps: readonly {
    readonly step: StepName;
    readonly state: "done" | "to do" | "only when asked for";
    readonly does: string;
    readonly back: string;
  }[];
  readonly leftOut: readonly LeftOut[];
  /** What would refuse a run as things are now. */
  readonly problems: readonly string[];
}

/** Whose stack is looked at; `connection` is undefined where the environment names no server. */
export interface PreviewOptions
  extends Pick<PromoteOptions, "stack" | "parent" | "beginning" | "workers" | "tell" | "signal"> {
  readonly connection: Connection | undefined;
}

/** Looks at both databases, and changes neither. @throws UserError when one of them cannot be looked at. */
export async function preview(options: PreviewOptions): Promise<Preview> {
  const { connection } = options;
  if (connection === undefined)
    return planned(options, "a PostgreSQL that is not named yet", [
      "No server is named: set PGHOST and the others, or LADDER_DATABASE_URL.",
    ]);
  const place = `${connection.host}:${connection.port}/${connection.database}`;
  const client = await connect(connection);
  try {
    const notes = await readNotes(client);
    if (notes !== undefined && !notes.rolledBack && notes.promotion.stack === options.stack) return begun(notes, place);
    return await planned(options, place, [], client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What a new promotion would be. */
async function planned(options: PreviewOptions, place: string, problems: string[], client?: Client): Promise<Preview> {
  const { stack, parent, workers } = options;
  const beginning = await options.beginning();
  const { assessment } = await assessSource(beginning, options);
  const { plan, questions, refusal, tables, bytes: sourceBytes, estimates } = assessment;
  problems.push(...questions, ...(refusal === undefined ? [] : [refusal]));
  if (client !== undefined && plan !== undefined)
    await refuseTarget(client, plan, workers).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
    });
  const local = findFolder(parent);
  if (local !== undefined && !local.ended)
    problems.push(
      `Promotion ${local.folder.promotion.id} was begun into ${local.folder.promotion.target}, and is not in ${place}.`,
    );
  const rows = tables.reduce((sum, table) => sum + (table.carried ? table.rows : 0), 0);
  const carried = tables.filter((table) => table.carried).length;
  return {
    ...describe(undefined),
    stack,
    place,
    tables: carried,
    rows,
    sourceBytes,
    estimates,
    leftOut: assessment.leftOut,
    problems,
  };
}

function begun({ promotion, plan, done }: Notes, place: string): Preview {
  const db = openSource({ path: promotion.source, busyTimeoutMs: promotion.busyTimeoutMs }, { readonly: true });
  try {
    const stands = sourceSide(db) === "moved" && done === "verify" ? "cutover" : done;
    const { tables, leftOut } = JSON.parse(plan) as Plan;
    return {
      ...describe(stands),
      stack: promotion.stack,
      promotion: promotion.id,
      place,
      tables: tables.length,
      sourceBytes: statSync(promotion.source).size,
      leftOut,
      problems: [],
    };
  } finally {
    db.close();
  }
}

/** `done`: the last step that is finished; undefined when nothing was begun. */
function describe(done: StepName | undefined): Pick<Preview, "steps"> {
  const last = done === undefined ? -1 : STEPS.indexOf(done);
  const steps = STEPS.map((step, at) => {
    const state =
      at <= last ? ("done" as const) : step === "retire" ? ("only when asked for" as const) : ("to do" as const);
    return { step, state, ...STEP_TEXTS[step] };
  });
  return { steps };
}
