import { describe, expect, it } from "vitest";
import { catalogueOf, MAPPED, mappingOf } from "../../../../promotion/mapping";
import { brokenChecks } from "../../../../promotion/mapping/preflight";
import { NO_RULES } from "../../../../promotion/model";
import { readSchema } from "../../../../promotion/source/schema";
import { documented, planOf, rowsOf } from "./plan";

describe("ai_company", () => {
  it("S0-02: all ideas, agents and holdings are carried, amounts as they are written", () => {
    const db = documented(
      "ai_company",
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3)
         INSERT INTO ceo_agents (id, name, creator_wallet) SELECT i, 'agent ' || i, 'wallet' FROM n;
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 56)
         INSERT INTO ai_ideas (id, title, ceo_agent_id) SELECT i, 'idea ' || i, 1 + i % 3 FROM n;
       INSERT INTO token_holdings (wallet, token, amount) VALUES ('w', 't', '0.100000000000000000001'), ('w', 'u', '1e3')`,
    );
    const plan = planOf("ai_company", db);
    expect(plan.tables.map(({ target }) => [target, rowsOf(db, plan, target).length])).toEqual([
      ["ceo_agents", 3],
      ["ai_ideas", 56],
      ["token_holdings", 2],
    ]);
    expect(rowsOf(db, plan, "token_holdings")[0]).toMatchObject({ amount: "0.100000000000000000001" });
    expect(plan.tables[2]?.columns.find(({ target }) => target === "amount")).toMatchObject({
      codec: { kind: "numeric" },
      money: true,
    });
    expect(plan.tables[2]).toMatchObject({ sourceKey: ["wallet", "token"], targetKey: ["wallet", "token"] });
    expect(brokenChecks(db, plan)).toEqual([]);
  });

  it("an idea of an agent that is not there is refused", () => {
    const db = documented(
      "ai_company",
      "PRAGMA foreign_keys = OFF; INSERT INTO ai_ideas (id, title, ceo_agent_id) VALUES (5, 'x', 9)",
    );
    expect(brokenChecks(db, planOf("ai_company", db))).toMatchObject([{ table: "ai_ideas", rows: 1, keys: ["5"] }]);
  });
});

describe("catalogueOf", () => {
  it.each(MAPPED)("knows %s by its tables", (name) => {
    if (name !== "ai_breeding" && name !== "ai_company") throw new Error(`a new mapping: ${name}`);
    expect(catalogueOf(readSchema(documented(name)))).toBe(name);
    expect(
      catalogueOf(readSchema(documented(name, name === "ai_company" ? "DROP TABLE ai_ideas" : "DROP TABLE agents"))),
    ).toBeUndefined();
  });

  it("a database without a mapping is refused with those that have one", () => {
    expect(() => mappingOf("circle", readSchema(documented("ai_company")), [], NO_RULES)).toThrow(
      "There is no mapping from SQLite onto circle. Allowed: ai_breeding, ai_company",
    );
  });
});
