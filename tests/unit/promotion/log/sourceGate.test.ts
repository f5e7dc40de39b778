import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { closeSource, reopenSource, sourceSide } from "../../../../promotion/log/sourceGate";
import { installSourceLog, removeSourceLog } from "../../../../promotion/log/sourceLog";
import { planOf, table } from "./plans";

describe("the gate of SQLite", () => {
  const schema =
    "CREATE TABLE u (id INTEGER PRIMARY KEY, n INT UNIQUE); CREATE TABLE keyless (a); INSERT INTO u VALUES (1, 1); INSERT INTO keyless VALUES (1);";
  const plan = planOf(table("u", ["id"]));

  it("refuses every write to every table, planned or not, and says where the data is", () => {
    const db = new Database(":memory:");
    db.exec(schema);
    closeSource(db, { ...plan, catalogue: "ai_breeding" }, { id: "it's 7", note: "n" });
    expect(sourceSide(db)).toBe("moved");
    for (const sql of [
      "INSERT INTO u VALUES (2, 2)",
      "INSERT OR IGNORE INTO u VALUES (1, 1)",
      "REPLACE INTO u VALUES (1, 1)",
      "UPDATE OR IGNORE u SET n = 2",
      "DELETE FROM u",
      "INSERT INTO u VALUES (1, 1) ON CONFLICT DO NOTHING",
      "INSERT INTO keyless VALUES (1)",
      "DELETE FROM keyless",
    ])
      expect(() => db.exec(sql), sql).toThrow(
        "ladder: this database moved to the database ai_breeding of PostgreSQL (promotion it's 7)",
      );
    expect(db.prepare("SELECT count(*) FROM u").pluck().get()).toBe(1);
  });

  it("serves again when it is reopened, in the caller's transaction", () => {
    const db = new Database(":memory:");
    db.exec(schema);
    expect(sourceSide(db)).toBe("serving");
    closeSource(db, plan, { id: "1" });
    db.exec("BEGIN");
    reopenSource(db, { id: "1" });
    expect(sourceSide(db)).toBe("serving");
    db.exec("INSERT INTO u VALUES (2, 2); ROLLBACK");
    expect(sourceSide(db)).toBe("moved");
    reopenSource(db, { id: "1" });
    db.exec("INSERT INTO u VALUES (2, 2); INSERT INTO keyless VALUES (1)");
    expect(sourceSide(db)).toBe("serving");
  });

  it("stays closed when the log is taken away", () => {
    const db = new Database(":memory:");
    db.exec(schema);
    installSourceLog(db, plan);
    closeSource(db, plan, { id: "1" });
    removeSourceLog(db, plan);
    expect(sourceSide(db)).toBe("moved");
    expect(() => db.exec("DELETE FROM u")).toThrow("moved to PostgreSQL");
  });
});
