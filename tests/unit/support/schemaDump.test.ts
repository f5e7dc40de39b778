import { describe, expect, it } from "vitest";
import { entriesOf, partitionsOf, renderEntries, withoutLaterPartitions } from "../../support/schemaDump";

const entry = (name: string, type: string, sql: string): string =>
  `--\n-- Name: ${name}; Type: ${type}; Schema: public; Owner: me\n--\n\n${sql}\n\n\n`;
const partition = (year: number, column = "id bigint NOT NULL"): string =>
  entry(`posts_${year}`, "TABLE", `CREATE TABLE public.posts_${year} (\n    ${column}\n);`) +
  entry(
    `posts_${year}`,
    "TABLE ATTACH",
    `ALTER TABLE ONLY public.posts ATTACH PARTITION public.posts_${year} FOR VALUES FROM ('${year}-01-01') TO ('${year + 1}-01-01');`,
  ) +
  entry(`posts_${year}_pkey`, "CONSTRAINT", `ALTER TABLE ONLY public.posts_${year}\n    ADD PRIMARY KEY (id);`);
const dump = (version: string, secret: string, ...parts: readonly string[]): string =>
  `--\n-- PostgreSQL database dump\n--\n\n\\restrict ${secret}\n\n-- Dumped from database version ${version}\n-- Dumped by pg_dump version 18.4\n\nSET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n\n${parts.join("")}--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict ${secret}\n\n`;

const USERS = entry("users", "TABLE", "CREATE TABLE public.users (\n    id bigint NOT NULL\n);");

describe("a dump of a schema", () => {
  it("is the same from another version and another run", () => {
    const named = USERS.replace("bigint NOT NULL", 'bigint CONSTRAINT "users_id_not_null" NOT NULL');
    const [one, other] = [dump("15.18", "abc", USERS), dump("18.4", "xyz", `SET default_tablespace = '';\n\n${named}`)];
    expect(renderEntries(entriesOf(one))).toBe(
      "-- Name: users; Type: TABLE; Schema: public; Owner: me\nCREATE TABLE public.users (\n    id bigint NOT NULL\n);\n",
    );
    expect(entriesOf(other)).toEqual(entriesOf(one));
  });

  it("is another one when a constraint that is no NOT NULL has another name, or an owner changes", () => {
    const check = (name: string) => dump("15", "a", USERS.replace("NOT NULL", `CONSTRAINT ${name} CHECK ((id > 0))`));
    expect(entriesOf(check("one"))).not.toEqual(entriesOf(check("other")));
    expect(entriesOf(dump("15", "a", USERS.replace("Owner: me", "Owner: you")))).not.toEqual(
      entriesOf(dump("15", "a", USERS)),
    );
  });

  it("has the first partition only, however many there are", () => {
    const texts = [[2024], [2024, 2025], [2024, 2025, 2026]].map((years) =>
      renderEntries(withoutLaterPartitions(entriesOf(dump("15", "a", USERS, ...years.map((year) => partition(year)))))),
    );
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain("CREATE TABLE public.posts_2024");
    expect(texts[0]).not.toContain("posts_2025");
  });

  it("keeps what only looks like a partition's: a table with a longer name", () => {
    const text = dump(
      "15",
      "a",
      partition(2024),
      partition(2025),
      entry("posts_2025_old", "TABLE", "CREATE TABLE x ();"),
    );
    expect(() => withoutLaterPartitions(entriesOf(text))).toThrow(/posts_2025 is not like .*posts_2024/);
    const other = dump(
      "15",
      "a",
      partition(2024),
      partition(2025),
      entry("my_posts_2025", "TABLE", "CREATE TABLE x ();"),
    );
    expect(renderEntries(withoutLaterPartitions(entriesOf(other)))).toContain("my_posts_2025");
  });

  it("tells what a later partition has otherwise", () => {
    const text = dump("15", "a", partition(2024), partition(2025, "id bigint"));
    expect(() => withoutLaterPartitions(entriesOf(text))).toThrow(/posts_2025 is not like [\s\S]*id bigint\n/);
  });

  it("tells the partitions in the order of their times", () => {
    expect(partitionsOf(entriesOf(dump("15", "a", partition(2025), partition(2024))))).toEqual([
      { parent: "public.posts", name: "public.posts_2024", from: "2024-01-01", to: "2025-01-01" },
      { parent: "public.posts", name: "public.posts_2025", from: "2025-01-01", to: "2026-01-01" },
    ]);
  });
});
