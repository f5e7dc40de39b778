import type { Client } from "pg";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import type { Postgres } from "../../servers/postgres";

/** A table with row-level security, described so that one test serves for each. */
export interface Guarded {
  readonly catalogue: "ai_company" | "circle";
  readonly table: string;
  /** The setting that says who asks. */
  readonly setting: "app.current_wallet" | "app.current_user_id";
  /** The columns that matter, and the two values of the one that hides a row. */
  readonly author: string;
  readonly text: string;
  readonly visibility: string;
  readonly shown: string;
  readonly hidden: string;
  /** A person's identity as the setting has it. People are numbered from 1. */
  readonly person: (number: number) => string;
  /** Makes so many people; only the owner may. */
  readonly people: (count: number) => string;
}

export const GUARDED: readonly Guarded[] = [
  {
    catalogue: "ai_company",
    table: "ceo_agents",
    setting: "app.current_wallet",
    author: "creator_wallet",
    text: "name",
    visibility: "status",
    shown: "available",
    hidden: "draft",
    person: (number) => `0x${number}`,
    people: () => "SELECT 1",
  },
  {
    catalogue: "circle",
    table: "posts",
    setting: "app.current_user_id",
    author: "author_id",
    text: "content",
    visibility: "visibility",
    shown: "public",
    hidden: "private",
    person: String,
    people: (count) =>
      `INSERT INTO users (id, wallet_address, pseudonym) SELECT n, '0x' || n, 'p' || n FROM generate_series(1, ${count}) n
       ON CONFLICT DO NOTHING`,
  },
];

/** Alice owns what is to stay hidden; Bob is the one who tries. */
export const ALICE = 1;
export const BOB = 2;

/** Is in every text that Bob must never see, and in no other. */
export const SECRET = "SECRET";

/** The rows of `seed`: id, author, whether everybody sees it, text. */
export const ROWS = [
  { id: 1, person: ALICE, shown: true, text: "alice public" },
  { id: 2, person: ALICE, shown: false, text: `alice ${SECRET}` },
  { id: 3, person: BOB, shown: true, text: "bob public" },
  { id: 4, person: BOB, shown: false, text: "bob own" },
] as const;

/** Texts of the rows that somebody sees, sorted; nobody is `undefined`. */
export const seenBy = (person: number | undefined): string[] =>
  ROWS.filter((row) => row.shown || row.person === person)
    .map((row) => row.text)
    .sort();
export const ownedBy = (person: number | undefined): string[] =>
  ROWS.filter((row) => row.person === person)
    .map((row) => row.text)
    .sort();

/** A column list and one row's values, for INSERT. */
export const columnsOf = ({ author, visibility, text }: Guarded): string => `id, ${author}, ${visibility}, ${text}`;
export const valuesOf = (table: Guarded, row: { id: number; person: number; shown: boolean; text: string }): string =>
  `(${row.id}, '${table.person(row.person)}', '${row.shown ? table.shown : table.hidden}', '${row.text}')`;

/** When the rows of `seed` were made: in a partition that the documents name. */
export const MADE = "2024-06-01";

/** The four rows, and nothing else. */
export const seed = (table: Guarded): string =>
  `${table.people(BOB)}; DELETE FROM ${table.table};
   INSERT INTO ${table.table} (${columnsOf(table)}) VALUES ${ROWS.map((row) => valuesOf(table, row)).join(", ")};
   UPDATE ${table.table} SET created_at = '${MADE}';
   ANALYZE ${table.table}`;

/** Both logical databases on a server. */
export async function guardedDatabases(server: Postgres): Promise<Record<Guarded["catalogue"], CatalogueDatabase>> {
  return {
    ai_company: await catalogueDatabase(server, "ai_company"),
    circle: await catalogueDatabase(server, "circle"),
  };
}

/** How an identity is said until the end of a transaction: both are safe through a pooler. */
export const SAYING = {
  set_config: (setting: string, identity: string) => `SELECT set_config('${setting}', '${identity}', true)`,
  "SET LOCAL": (setting: string, identity: string) => `SET LOCAL ${setting} = '${identity}'`,
} as const;
export type Saying = keyof typeof SAYING;

/** Everything in the texts of a result's first column, sorted. */
export const texts = async (client: Client, sql: string): Promise<string[]> =>
  (await client.query<string[]>({ text: sql, rowMode: "array" })).rows.map(([text]) => String(text)).sort();
