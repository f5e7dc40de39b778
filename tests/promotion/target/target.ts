import type { Run } from "../../../promotion/model";
import { prepareTarget } from "../../../promotion/target/prepare";
import { UserError } from "../../../settings/errors";
import type { Postgres } from "../../servers/postgres";
import { planned, planOf, runOf } from "../copy/plans";

/** A new database of an ordinary role, and a promotion into it. */
export async function empty(server: Postgres, name: string, plan: Run["plan"], options = ""): Promise<Run> {
  await server.psql(`CREATE DATABASE ${name} OWNER keeper ${options}`);
  return runOf(
    {
      host: server.host,
      port: server.port,
      database: name,
      user: "keeper",
      password: "keeper",
      sslmode: "disable",
      connectTimeoutSeconds: 10,
    },
    "none.db",
    plan,
  );
}

/** A session of the promotion. */
export async function on<T>(
  { target }: Run,
  work: (client: Awaited<ReturnType<Run["target"]["connect"]>>) => Promise<T>,
): Promise<T> {
  const client = await target.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export const prepare = (promotion: Run): Promise<void> =>
  on(promotion, (client) => prepareTarget(client, promotion.plan));

/** The error for the user that work ends with. */
export const refusal = (work: Promise<unknown>): Promise<UserError> =>
  work.then(
    () => Promise.reject(new Error("nothing was refused")),
    (error: unknown) => (error instanceof UserError ? error : Promise.reject(error)),
  );

/** A table with a unique index, a reference to itself, a view and a comment, which all come later. */
const items = planned(
  "items",
  { id: { kind: "integer", bits: 64 }, parent: { kind: "integer", bits: 64 }, name: { kind: "text" } },
  { sourceKey: ["id"], rowid: "id" },
);
export const own = planOf([items], {
  indexes: [
    { table: "items", name: "items_name", sql: "CREATE UNIQUE INDEX items_name ON public.items (name)" },
    { table: "items", name: "items_parent", sql: "CREATE INDEX items_parent ON public.items (parent DESC)" },
  ],
  foreignKeys: [
    {
      table: "items",
      name: "items_of",
      sql: "ALTER TABLE public.items ADD CONSTRAINT items_of FOREIGN KEY (parent) REFERENCES public.items (id) NOT VALID",
    },
  ],
  finish: [
    "CREATE VIEW public.names AS SELECT name FROM public.items",
    "COMMENT ON TABLE public.items IS 'all of them'",
  ],
});
