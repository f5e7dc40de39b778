import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Values } from "../../../rehearsal/model";
import { sealed, unsealed, World } from "../../../rehearsal/world";
import { temporaryFolder } from "../../support/temporary";
import { knownValues } from "./arbitraries";

const TYPE = "aws:sns/topic:Topic";

const topic = (name: string, serial: number, values: Values = { name }) => ({
  type: TYPE,
  id: `arn:${name}`,
  urn: `urn:pulumi:test::p::${TYPE}::${name}`,
  values,
  serial,
});

const fileOf = (): string => join(temporaryFolder(), "deep", "clouds.jsonl");
const contentOf = (world: World): unknown[] => world.all().map(({ id, values }) => [id, values]);

describe("the world", () => {
  it("is there again after it was closed, in a file for its owner only", () => {
    const file = fileOf();
    const world = new World(file);
    fc.assert(
      fc.property(fc.array(knownValues, { maxLength: 5 }), (all) => {
        for (const [index, values] of all.entries()) world.put(topic(`t${index}`, world.nextSerial(), values));
        expect(contentOf(new World(file))).toEqual(contentOf(world));
      }),
      { numRuns: 20 },
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("loses at most the change that was being written when it was killed, at whatever byte", () => {
    const file = fileOf();
    const world = new World(file);
    world.put(topic("kept", world.nextSerial(), { name: "kept", text: "ö – 中" }));
    const before = readFileSync(file);
    world.put(topic("cut", world.nextSerial(), { name: "cut", text: "ö – 中" }));
    const after = readFileSync(file);
    for (let bytes = before.length; bytes < after.length; bytes += 1) {
      writeFileSync(file, after.subarray(0, bytes));
      const again = new World(file);
      const ids = again.all().map(({ id }) => id);
      expect(ids.slice(0, 1)).toEqual(["arn:kept"]);
      // All but the end of the line is the whole change.
      if (bytes < after.length - 1) expect(ids, `cut at byte ${bytes}`).toHaveLength(1);
      again.put(topic("next", again.nextSerial()));
      expect(new World(file).all().map(({ id }) => id)).toContain("arn:next");
    }
  });

  it("forgets nothing when a kill leaves its half-written copy beside it", () => {
    const file = fileOf();
    new World(file).put(topic("one", 1));
    writeFileSync(`${file}.new`, '{"put":');
    expect(new World(file).all()).toHaveLength(1);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it("never gives a number of a creation twice, not even after what it made is gone", () => {
    const file = fileOf();
    const world = new World(file);
    const first = topic("gone", world.nextSerial());
    world.put(first);
    world.remove(first);
    const again = new World(file);
    expect(again.all()).toEqual([]);
    expect(again.nextSerial()).toBe(2);
    expect(new World(file).nextSerial()).toBe(3);
  });

  it("keeps what was removed removed", () => {
    const file = fileOf();
    const world = new World(file);
    const names = ["a", "b", "c"];
    for (const name of names) world.put(topic(name, world.nextSerial()));
    world.remove(topic("b", 2));
    expect(new World(file).all().map(({ id }) => id)).toEqual(["arn:a", "arn:c"]);
  });

  it("tells two resources of one id apart by their URN, and finds one that has changed its URN by its id", () => {
    const world = new World();
    const [one, other] = [topic("one", 1), { ...topic("other", 2), id: "arn:one" }];
    world.put(one);
    world.put(other);
    expect(world.find(TYPE, "arn:one", other.urn)?.serial).toBe(2);
    expect(world.find(TYPE, "arn:one", "urn:renamed")?.serial).toBe(1);
    expect(world.find("aws:sqs/queue:Queue", "arn:one")).toBeUndefined();
  });

  it("knows what the engine may never have heard of, until it speaks of it", () => {
    const file = fileOf();
    const world = new World(file);
    const { urn, id } = topic("new", 1);
    world.put({ ...topic("new", world.nextSerial()), unconfirmed: true });
    expect(new World(file).unconfirmed(TYPE, urn)?.id).toBe(id);
    world.confirm(TYPE, id, urn);
    world.confirm(TYPE, "nobody", urn);
    expect(world.unconfirmed(TYPE, urn)).toBeUndefined();
    expect(new World(file).unconfirmed(TYPE, urn)).toBeUndefined();
  });

  it("reads a file whose last line lacks its end, and an empty one", () => {
    const file = fileOf();
    new World(file).put(topic("one", 1));
    appendFileSync(file, '{"gone":"urn');
    expect(new World(file).all()).toHaveLength(1);
    writeFileSync(file, "");
    expect(new World(file).all()).toEqual([]);
  });
});

describe("secrets", () => {
  const SECRET = "correct horse battery staple";

  it("never stand in the world's file, however deep they lie", () => {
    const file = fileOf();
    const world = new World(file);
    const holder = fc.letrec((again) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.constant(SECRET),
        fc.array(again("any"), { minLength: 1, maxLength: 2 }),
        fc.record({ a: again("any") }),
      ),
    })).any;
    fc.assert(
      fc.property(holder, (hidden) => {
        world.put(topic("t", world.nextSerial(), sealed({ name: "t", hidden }, new Set(["hidden"]))));
      }),
      { numRuns: 30 },
    );
    expect(readFileSync(file, "utf8")).not.toContain(SECRET);
    expect(readFileSync(file, "utf8")).toContain("$secret");
  });

  it("are opened by who knows them, and stay sealed once they have changed", () => {
    fc.assert(
      fc.property(knownValues, (values) => {
        const closed = sealed(values, new Set(Object.keys(values)));
        expect(unsealed(closed, values)).toEqual(values);
        for (const name of Object.keys(values))
          expect(unsealed(closed, { ...values, [name]: "else" })[name]).not.toBe("else");
      }),
    );
  });
});
