import { WRITTEN_FACTS } from "./query";

/** Facts about one object: column type, index definition, …; each name and value as words to print. */
export type Facts = Readonly<Record<string, string>>;

/** What is in a database, without its data: `{ "column public.users.email": { type: "text", … } }`. */
export interface Description {
  /** Major version of the server that it was read from. */
  readonly server: number;
  readonly objects: Readonly<Record<string, Facts>>;
}

/** One object that is not as it should be. */
export interface Difference {
  /** `column public.users.email` */
  readonly object: string;
  /** `changed`: in the facts that are listed. */
  readonly kind: "missing" | "added" | "changed";
  readonly changes: readonly FactChange[];
}

export interface FactChange {
  readonly fact: string;
  /** Undefined: it has none. */
  readonly expected?: string;
  readonly found?: string;
}

/**
 * Where `found` differs from `expected`, by name. A table that is gone or new is one difference, without its parts. Partitions that
 * are new are none: maintenance makes them. Between two major versions of the server, texts that it writes itself do not count.
 */
export function differences(expected: Description, found: Description): Difference[] {
  const comparable = (fact: string) => expected.server === found.server || !WRITTEN_FACTS.has(fact);
  const names = [...new Set([...Object.keys(expected.objects), ...Object.keys(found.objects)])].sort();
  const all = names.flatMap((object): Difference[] => {
    const before = expected.objects[object];
    const now = found.objects[object];
    if (now === undefined) return [{ object, kind: "missing", changes: [] }];
    if (before === undefined) return object.startsWith("partition ") ? [] : [{ object, kind: "added", changes: [] }];
    const changes = factChanges(before, now).filter(({ fact }) => comparable(fact));
    return changes.length === 0 ? [] : [{ object, kind: "changed", changes }];
  });
  const whole = new Set(all.filter(({ kind }) => kind !== "changed").map(({ object }) => object));
  const tableOf = (object: string) => (expected.objects[object] ?? found.objects[object])?.table;
  return all.filter(({ object, kind }) => kind === "changed" || !whole.has(`table ${tableOf(object)}`));
}

function factChanges(before: Facts, now: Facts): FactChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((fact) => before[fact] !== now[fact])
    .sort()
    .map((fact) => ({
      fact,
      ...(before[fact] === undefined ? {} : { expected: before[fact] }),
      ...(now[fact] === undefined ? {} : { found: now[fact] }),
    }));
}

/** A difference in words, one line. */
export function inWords({ object, kind, changes }: Difference): string {
  if (kind === "missing") return `${object} is gone`;
  if (kind === "added") return `${object} is of no migration`;
  // Where everything that was written says more than its parts, the parts are left out.
  const whole = changes.filter(({ fact }) => fact === "definition");
  return `${object}: ${(whole.length > 0 ? whole : changes).map(changeInWords).join("; ")}`;
}

const changeInWords = ({ fact, expected, found }: FactChange): string =>
  fact === "body" ? "its body was altered" : `${fact} was ${expected ?? "not set"}, is ${found ?? "not set any more"}`;

/** An object that differs before a migration: what was recorded of it and what is there. Null: nothing. */
export interface KnownDifference {
  readonly recorded: Facts | null;
  readonly found: Facts | null;
}

/** The same as data for `RECORD`, so that a migration does not hide what was changed by hand before it. */
export function knownDifferences(expected: Description, found: Description): Record<string, KnownDifference> {
  const facts = ({ objects }: Description, name: string) => objects[name] ?? null;
  const changed = new Set(differences(expected, found).map(({ object }) => object));
  const parts = [...Object.keys(expected.objects), ...Object.keys(found.objects)].filter((name) => {
    const one = expected.objects[name] === undefined || found.objects[name] === undefined;
    return one && !name.startsWith("partition ");
  });
  return Object.fromEntries(
    [...new Set([...changed, ...parts])].map((name) => [
      name,
      { recorded: facts(expected, name), found: facts(found, name) },
    ]),
  );
}
