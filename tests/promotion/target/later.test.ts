import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { addForeignKeys, finishTarget, makeIndexes, validateForeignKeys } from "../../../promotion/target/later";
import { startCode } from "../../support/children";
import { planned, planOf } from "../copy/plans";
import { serverForThisFile } from "../copy/scene";
import { empty, on, own, prepare, refusal } from "./target";

const server = serverForThisFile();

describe("a plan's own tables", () => {
  it("are made at once or not at all, and their indexes and references come later", async () => {
    const promotion = await empty(server(), "own", own);
    await prepare(promotion);
    await server().psql("INSERT INTO items SELECT n, n - 1, 'item ' || n FROM generate_series(1, 1000) AS n", "own");
    const seen: string[] = [];
    await makeIndexes({ ...promotion, onProgress: ({ phase, done, total }) => seen.push(`${phase} ${done}/${total}`) });
    expect(seen.sort()).toEqual(["indexes 1/2", "indexes 2/2"]);
    await on(promotion, async (client) => {
      await addForeignKeys(client);
      expect(await validateForeignKeys(client)).toEqual([{ table: "items", constraint: "items_of", rows: 1 }]);
      await server().psql("UPDATE items SET parent = NULL WHERE id = 1", "own");
      expect(await validateForeignKeys(client)).toEqual([]);
      await finishTarget(client);
      await finishTarget(client);
    });
    expect(await server().psql("SELECT count(*) FROM names", "own")).toBe("1000");
    const broken = { ...own, create: [...own.create, "CREATE TABLE broken (a nothing)"] };
    const other = await empty(server(), "broken", broken);
    expect((await refusal(prepare(other))).message).toContain('type "nothing" does not exist');
    expect(
      await server().psql("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", "broken"),
    ).toBe("0");
  });

  it("say which index the rows do not let be made", async () => {
    const promotion = await empty(server(), "doubles", own);
    await prepare(promotion);
    await server().psql("INSERT INTO items SELECT n, NULL, 'secret name' FROM generate_series(1, 2) AS n", "doubles");
    const { message } = await refusal(makeIndexes(promotion));
    expect(message).toContain("Index items_name on items is unique");
    expect(message).not.toContain("secret");
    await server().psql("DELETE FROM items WHERE id = 1", "doubles");
    await makeIndexes(promotion);
    expect(await server().psql("SELECT count(*) FROM pg_indexes WHERE tablename = 'items'", "doubles")).toBe("3");
  });

  it("are made by a run that was killed and started again", async () => {
    const many = Array.from({ length: 60 }, (_, no) =>
      planned(`t${no}`, { id: { kind: "integer", bits: 64 } }, { sourceKey: ["id"] }),
    );
    const plan = planOf(many, {
      indexes: many.map((_, no) => ({
        table: `t${no}`,
        name: `i${no}`,
        sql: `CREATE INDEX i${no} ON public.t${no} (id)`,
      })),
    });
    const promotion = await empty(server(), "killed", plan);
    for (let round = 0; round < 3; round++) {
      const child = startCode(`
        const { runOf } = require("./tests/promotion/copy/plans");
        const { prepareTarget } = require("./promotion/target/prepare");
        const { makeIndexes } = require("./promotion/target/later");
        const run = runOf(${JSON.stringify(promotion.target.connection)}, "none.db", ${JSON.stringify(plan)});
        run.target.connect().then(async (client) => {
          console.log("begins");
          await prepareTarget(client, run.plan);
          await makeIndexes(run);
          await client.end();
        });`);
      await child.said("begins");
      await sleep(randomInt(400));
      child.process.kill("SIGKILL");
      await child.finished;
    }
    await prepare(promotion);
    await makeIndexes(promotion);
    expect(
      await server().psql(
        "SELECT count(*), count(*) FILTER (WHERE relkind = 'i') FROM pg_class WHERE relname ~ '^[ti][0-9]+$'",
        "killed",
      ),
    ).toBe("120|60");
  });
});
