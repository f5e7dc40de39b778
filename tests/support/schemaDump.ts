/** What `pg_dump --schema-only` says of a database, without what tells nothing about its schema: the versions, the session, the clock. */

/** One object of a dump. */
export interface DumpEntry {
  /** As the dump has it: `Name: …; Type: …; Schema: …; Owner: …`. */
  readonly title: string;
  readonly sql: string;
}

/** A partition of a range, as it is attached. */
export interface Partition {
  /** Both with their schema, quoted where they have to be. */
  readonly parent: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

const TITLE = /^--\n-- (Name: .+; Type: .+; Schema: .+; Owner: .*)\n--\n/m;

/** Of the session that reads the dump, or new in each dump. */
const SESSION = /^(SET \w+ = .*;|SELECT pg_catalog\.set_config\(.*\);|\\(restrict|unrestrict|connect) .*)$/gm;
/** PostgreSQL 18 tells the names of these constraints, older ones have none. */
const NOT_NULL_NAME = / CONSTRAINT ("[^"]+"|\w+) NOT NULL/g;
/** Depends on what else is on the server. */
const CONNECTION_LIMIT = /CONNECTION LIMIT = \d+/g;

/** The objects of a dump, in its order. */
export function entriesOf(dump: string): readonly DumpEntry[] {
  const [, ...parts] = dump.split(TITLE);
  return parts.flatMap((title, index) => {
    if (index % 2 === 1) return [];
    const sql = (parts[index + 1] ?? "").replace(SESSION, "").replace(TRAILER, "");
    return [
      {
        title,
        sql: sql
          .replace(NOT_NULL_NAME, " NOT NULL")
          .replace(CONNECTION_LIMIT, "CONNECTION LIMIT = [limit]")
          .replace(/\n{3,}/g, "\n\n")
          .trim(),
      },
    ];
  });
}

/** What pg_dump writes behind the last object of a part. */
const TRAILER = /\n--\n-- (PostgreSQL database dump( complete)?|Dumped from .*|Dumped by .*)\n--\n[\s\S]*$/;

const ATTACH = /^ALTER TABLE ONLY (.+) ATTACH PARTITION (.+) FOR VALUES FROM \('(.+)'\) TO \('(.+)'\);$/m;

/** The partitions of ranges, in the order of their parents and times. */
export const partitionsOf = (entries: readonly DumpEntry[]): readonly Partition[] =>
  entries
    .flatMap(({ sql }) => {
      const [, parent, name, from, to] = ATTACH.exec(sql) ?? [];
      return parent && name && from && to ? [{ parent, name, from, to }] : [];
    })
    .sort((a, b) => (`${a.parent} ${a.from}` < `${b.parent} ${b.from}` ? -1 : 1));

/**
 * A dump that is the same on every day: of the partitions of a table, which come to be with time, it has the first. Throws when
 * another one is not like that but for its name and its range, and tells what is.
 */
export function withoutLaterPartitions(entries: readonly DumpEntry[]): readonly DumpEntry[] {
  const firsts = new Map<string, Partition>();
  const later = new Set<DumpEntry>();
  for (const partition of partitionsOf(entries)) {
    const first = firsts.get(partition.parent);
    if (first === undefined) {
      firsts.set(partition.parent, partition);
      continue;
    }
    const own = entriesAbout(entries, partition);
    const [is, should] = [
      own.map((entry) => neutral(entry, partition)),
      entriesAbout(entries, first).map((entry) => neutral(entry, first)),
    ];
    const odd = [...is.filter((text) => !should.includes(text)), ...should.filter((text) => !is.includes(text))];
    if (odd.length > 0 || is.length !== should.length)
      throw new Error(`${partition.name} is not like ${first.name}:\n${odd.join("\n")}`);
    for (const entry of own) later.add(entry);
  }
  return entries.filter((entry) => !later.has(entry));
}

/** The last part of a name, without quotes: indexes and constraints of a partition begin with it. */
const stem = (name: string): string => name.replace(/^.*?\./, "").replaceAll('"', "");

/** `posts_2024` is in `posts_2024_pkey`, not in `posts_2024_05` or `old_posts_2024`. */
const mention = (name: string): RegExp => new RegExp(`(?<!\\w)${stem(name)}(?!_?\\d)`, "g");

const entriesAbout = (entries: readonly DumpEntry[], { name }: Partition): readonly DumpEntry[] =>
  entries.filter(({ title, sql }) => mention(name).test(`${title}\n${sql}`));

const neutral = ({ title, sql }: DumpEntry, { name, from, to }: Partition): string =>
  `${title}\n${sql}`
    .replaceAll(mention(name), "[partition]")
    .replace(`FROM ('${from}') TO ('${to}')`, "FROM [start] TO [end]");

/** As a golden file has it. */
export const renderEntries = (entries: readonly DumpEntry[]): string =>
  entries.map(({ title, sql }) => `-- ${title}\n${sql}\n`).join("\n");
