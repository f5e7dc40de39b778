import { describe, expect, it } from "vitest";
import { type Description, differences, inWords, knownDifferences } from "../../../schema/description/differences";

const described = (objects: Description["objects"], server = 16): Description => ({ server, objects });

const people = described({
  "table public.people": { kind: "ordinary" },
  "column public.people.age": { table: "public.people", type: "integer", default: "0" },
  "index public.people_age": {
    table: "public.people",
    unique: "no",
    definition: "CREATE INDEX people_age ON people (age)",
  },
  "partition public.days_2024": { table: "public.days", bounds: "FOR VALUES FROM (1) TO (2)" },
});

const without = (...names: string[]): Description =>
  described(Object.fromEntries(Object.entries(people.objects).filter(([name]) => !names.includes(name))));

const having = (objects: Description["objects"], server?: number): Description =>
  described({ ...people.objects, ...objects }, server);

describe("differences between two descriptions", () => {
  it("are none where nothing differs", () => {
    expect(differences(people, people)).toEqual([]);
  });

  it("tell of a table that is gone or new once, not of each of its parts", () => {
    const nothing = without("table public.people", "column public.people.age", "index public.people_age");
    expect(differences(people, nothing).map(inWords)).toEqual(["table public.people is gone"]);
    expect(differences(nothing, people).map(inWords)).toEqual(["table public.people is of no migration"]);
  });

  it("tell of a partition that is gone, not of one that is new", () => {
    const fewer = without("partition public.days_2024");
    expect(differences(people, fewer).map(inWords)).toEqual(["partition public.days_2024 is gone"]);
    expect(differences(fewer, people)).toEqual([]);
  });

  it("tell of each fact that was set, changed and taken away", () => {
    const found = having({ "column public.people.age": { table: "public.people", type: "bigint", collation: '"C"' } });
    expect(differences(people, found)).toEqual([
      {
        object: "column public.people.age",
        kind: "changed",
        changes: [
          { fact: "collation", found: '"C"' },
          { fact: "default", expected: "0" },
          { fact: "type", expected: "integer", found: "bigint" },
        ],
      },
    ]);
    expect(differences(people, found).map(inWords)).toEqual([
      'column public.people.age: collation was not set, is "C"; default was 0, is not set any more; type was integer, is bigint',
    ]);
  });

  it("leave texts that the server writes out where the servers are of two versions, and only those", () => {
    const rewritten = {
      "column public.people.age": { table: "public.people", type: "integer", default: "(0)" },
      "index public.people_age": { table: "public.people", unique: "yes", definition: "CREATE UNIQUE INDEX …" },
    };
    expect(differences(people, having(rewritten, 17)).map(inWords)).toEqual([
      "index public.people_age: unique was no, is yes",
    ]);
    expect(differences(people, having(rewritten)).map(inWords)).toEqual([
      "column public.people.age: default was 0, is (0)",
      "index public.people_age: definition was CREATE INDEX people_age ON people (age), is CREATE UNIQUE INDEX …",
    ]);
  });
});

describe("what is known to differ before a migration", () => {
  it("has what was recorded and what is there, of each part of a table that is gone too, and no new partition", () => {
    const found = described({
      "column public.people.age": { table: "public.people", type: "bigint", default: "0" },
      "partition public.days_2024": { table: "public.days", bounds: "FOR VALUES FROM (1) TO (2)" },
      "partition public.days_2025": { table: "public.days", bounds: "FOR VALUES FROM (2) TO (3)" },
      "view public.notes": { definition: "SELECT 1" },
    });
    expect(knownDifferences(people, found)).toEqual({
      "column public.people.age": {
        recorded: people.objects["column public.people.age"],
        found: found.objects["column public.people.age"],
      },
      "table public.people": { recorded: people.objects["table public.people"], found: null },
      "index public.people_age": { recorded: people.objects["index public.people_age"], found: null },
      "view public.notes": { recorded: null, found: found.objects["view public.notes"] },
    });
  });
});
