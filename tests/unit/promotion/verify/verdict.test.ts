import { describe, expect, it } from "vitest";
import { judged, type TableVerdict, type Verdict, verdictMarkdown } from "../../../../promotion/verify/verdict";

const TABLE: TableVerdict = {
  source: "agents",
  target: "agents",
  rows: { source: 3, target: 3 },
  ranges: 1,
  checksum: { source: "00000000000000ff", target: "00000000000000ff" },
  quarantined: 0,
  settled: 0,
  moving: 0,
  differing: 0,
  more: false,
  sums: [{ column: "price", source: "12.5", target: "12.5" }],
};

const FINE: Omit<Verdict, "identical"> = {
  promotion: "11111111-1111-4111-8111-111111111111",
  startedAt: "2026-08-01T00:00:00.000Z",
  endedAt: "2026-08-01T00:00:01.000Z",
  tables: [TABLE],
  foreignKeys: [{ table: "agents", name: "owned", references: "users", orphans: 0 }],
  sequences: [{ table: "agents", column: "id", last: "3", greatest: "3", beyond: true }],
  sequencesJudged: true,
  differences: [],
};

const withTable = (table: Partial<TableVerdict>) => ({ ...FINE, tables: [{ ...TABLE, ...table }] });
const BEHIND = [{ table: "agents", column: "id", last: "2", greatest: "3", beyond: false }];

describe("the verdict", () => {
  it.each([
    ["nothing differs", FINE, true],
    ["rows in quarantine are no difference, and are counted", withTable({ quarantined: 2 }), true],
    ["one row differs", withTable({ differing: 1 }), false],
    ["more differs than was counted", withTable({ more: true }), false],
    ["a difference is told", { ...FINE, differences: ["agents, id = 1: differs in name"] }, false],
    ["the counts are not the same", withTable({ rows: { source: 3, target: 2 } }), false],
    ["the checksums are not the same", withTable({ checksum: { source: "00", target: "01" } }), false],
    [
      "the sides moved while they were compared, and agree since",
      withTable({ settled: 1, rows: { source: 4, target: 3 } }),
      true,
    ],
    [
      "a table without a key is left to the cut-over",
      withTable({ moving: "table", rows: { source: 4, target: 3 } }),
      true,
    ],
    ["a sum of money differs", withTable({ sums: [{ column: "price", source: "1", target: "2" }] }), false],
    [
      "a row has no parent, in SQLite neither",
      { ...FINE, foreignKeys: [{ table: "a", name: "f", references: "u", orphans: 1 }] },
      true,
    ],
    ["a sequence is behind", { ...FINE, sequences: BEHIND }, false],
    ["a sequence is behind before the cut-over sets it", { ...FINE, sequences: BEHIND, sequencesJudged: false }, true],
  ] as const)("%s: identical or not (S0-41, S0-02)", (_what, findings, identical) => {
    expect(judged(findings).identical).toBe(identical);
  });

  it("is a page with all figures, and survives JSON", () => {
    const verdict = judged({
      ...withTable({ differing: 1, quarantined: 2 }),
      differences: ["agents, id = a|b\nc: differs in name"],
    });
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
    expect(verdictMarkdown(verdict)).toMatchInlineSnapshot(`
      "# Verdict: NOT identical

      Promotion 11111111-1111-4111-8111-111111111111. Compared from 2026-08-01T00:00:00.000Z to 2026-08-01T00:00:01.000Z: 1 table, 3 rows, every value of every column; 2 rows in quarantine not carried.

      ## What differs

      - agents, id = a\\|b c: differs in name

      ## Tables

      | Table | Rows in SQLite | Rows in PostgreSQL | Ranges | Checksum in SQLite | Checksum in PostgreSQL | Quarantined | Written meanwhile | Differing |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- |
      | agents | 3 | 3 | 1 | 00000000000000ff | 00000000000000ff | 2 | 0 | 1 |

      ## Sums of money

      | Column | In SQLite | In PostgreSQL |
      | --- | --- | --- |
      | agents.price | 12.5 | 12.5 |

      ## Foreign keys

      | Table | Foreign key | References | Rows without a parent |
      | --- | --- | --- | --- |
      | agents | owned | users | 0 |

      ## Sequences

      | Column | Given out last | Greatest number | Beyond it |
      | --- | --- | --- | --- |
      | agents.id | 3 | 3 | yes |
      "
    `);
    expect(verdictMarkdown(judged(FINE))).toContain("# Verdict: identical");
  });
});
