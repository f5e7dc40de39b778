import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { customQueries } from "../../../components/database/cnpg/queries";
import { exporterQueries, renderExporterQueries } from "../../../schema/metrics/exporter";
import { whereThere } from "../../../schema/metrics/query";

describe("the queries for postgres_exporter", () => {
  const queries = Object.entries(exporterQueries());

  it.each([
    ["S4-37", "postgres", "connections"],
    ["S4-38", "postgres", "slow_queries"],
    ["S4-39", "postgres_cache", "hit_ratio"],
    ["S4-41", "total", "users"],
  ])("%s: %s and its column make the documented name", (_id, query, column) => {
    expect(exporterQueries()[query]?.metrics.flatMap(Object.keys)).toContain(column);
  });

  it("are read back from the file as they are, without references", () => {
    const file = renderExporterQueries();
    expect(parse(file)).toEqual(exporterQueries());
    expect(file).not.toMatch(/[&*]a\d/);
  });

  it.each(queries)("%s tells its database, unless it is asked once for the server", (_name, { master, metrics }) => {
    const labels = metrics.flatMap(Object.entries).filter(([, { usage }]) => usage === "LABEL");
    expect(labels.some(([name]) => name === "datname")).toBe(master !== true);
  });

  it("make names that the exporter does not use itself", () => {
    for (const [name] of queries) expect(name).not.toMatch(/^pg_/);
  });

  it("are the same questions that CloudNativePG asks", () => {
    const asked = new Set(queries.map(([, { query }]) => query));
    for (const [name, { query }] of Object.entries(customQueries(["aibase"])))
      expect(asked.has(query), name).toBe(true);
  });
});

describe("a question about a relation that may be away", () => {
  it("names it in texts only, so that PostgreSQL does not look for it", () => {
    const query = whereThere({
      relation: "users",
      select: "SELECT count(*) AS n FROM public.users",
      columns: "n bigint",
    });
    const code = query.replaceAll(/'(?:[^']|'')*'/g, "''");
    expect(query).toContain("users");
    expect(code).not.toContain("users");
  });
});
