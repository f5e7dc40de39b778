import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { DUMP_METRIC } from "../../../components/backup/dumpMetric";
import { scriptFiles } from "../../../components/backup/scripts";
import { temporaryFolder } from "../../support/temporary";

const PASSWORD = "never on a command line";

/** Stands in for a command on the PATH: keeps what it was called with, then does what it is told. */
const fake = (folder: string, name: string, body: string): void => {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/bash\necho "${name} $*" >>"$CALLS"\n${body}\n`);
  chmodSync(file, 0o755);
};

interface Situation {
  readonly kind: string;
  readonly now?: string;
  readonly sql?: string;
  /** What `pg_dump` does after it has written the SQL. */
  readonly pgDump?: string;
  readonly psql?: string;
  /** What `aws s3 cp` does with its input. */
  readonly upload?: string;
  readonly metric?: string;
}

const STORE = 'mkdir -p "$(dirname "$BUCKET/$key")" && cat >"$BUCKET/.part" && mv "$BUCKET/.part" "$BUCKET/$key"';

/** Runs both containers' scripts beside each other, as a pod does. */
async function run({ kind, now = "2026-03-05T01:00:00Z", sql = "CREATE TABLE x;\n", ...does }: Situation) {
  const folder = temporaryFolder();
  for (const name of ["bin", "work", "bucket", "scripts"]) mkdirSync(join(folder, name));
  for (const [file, text] of Object.entries(scriptFiles("dump"))) writeFileSync(join(folder, "scripts", file), text);
  writeFileSync(join(folder, "sql"), sql);
  fake(folder, "date", `exec /usr/bin/date -u -d "$NOW" "\${@: -1}"`);
  // A session with a snapshot is tests/kubernetes' part: here it only starts the stream, as dump.sql does.
  fake(
    folder,
    "psql",
    does.psql ??
      `case "$*" in *--file*) : >facts; : >contents; SNAPSHOT=1 bash "$SCRIPTS/stream.sh" 2>said-dump ;; *) echo 12345 ;; esac`,
  );
  fake(folder, "pg_dump", `cat "$SQL"\n${does.pgDump ?? ""}`);
  fake(
    folder,
    "aws",
    `if [ "$1" = cloudwatch ]; then ${does.metric ?? "exit 0"}; fi
key=\${4#s3://the-bucket/}
if [ "$3" != - ]; then exec <"$3"; fi
${does.upload ?? STORE}`,
  );
  const env = {
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    NOW: now,
    SQL: join(folder, "sql"),
    CALLS: join(folder, "calls"),
    BUCKET: join(folder, "bucket"),
    WORK: join(folder, "work"),
    DUMP_KIND: kind,
    PGDATABASE: "ai_company",
    PGPASSWORD: PASSWORD,
    DATABASE: "ai_company",
    STACK: "prod",
    PART_BLOCKS: "1",
    METRIC_NAMESPACE: DUMP_METRIC.namespace,
    METRIC_NAME: DUMP_METRIC.name,
    METRIC_UNIT: DUMP_METRIC.unit,
    DUMP_BUCKET: "the-bucket",
  };
  const ended = await Promise.all(
    ["dump.sh", "upload.sh"].map((script) => end(spawn("bash", [join(folder, "scripts", script)], { env }))),
  );
  const [dump, upload] = ended;
  const calls = readFileSync(join(folder, "calls"), "utf8");
  const stored = objectsIn(join(folder, "bucket"));
  const objects = stored.filter((name) => !name.endsWith(".manifest.tsv"));
  return { dump, upload, calls, bucket: join(folder, "bucket"), objects, stored };
}

const end = (child: ChildProcess): Promise<{ code: number | null; said: string }> =>
  new Promise((resolve) => {
    let said = "";
    child.stdout?.on("data", (data) => (said += data));
    child.stderr?.on("data", (data) => (said += data));
    child.on("close", (code) => resolve({ code, said }));
  });

const objectsIn = (bucket: string): string[] =>
  readdirSync(bucket, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(bucket.length + 1));

describe("names and forms of dumps", () => {
  it("S4-47: daily is plain SQL, named for its day", async () => {
    const { dump, upload, objects, bucket, calls } = await run({ kind: "daily", sql: "SELECT 1;\n" });
    expect([dump?.code, upload?.code], `${dump?.said}${upload?.said}`).toEqual([0, 0]);
    expect(objects).toEqual(["daily/ai_company_20260305.sql.gz"]);
    expect(gunzipSync(readFileSync(join(bucket, objects[0] ?? ""))).toString()).toBe("SELECT 1;\n");
    expect(calls).toContain("pg_dump --no-password --snapshot=1 --lock-wait-timeout=300000 --format=plain");
  });

  it("S4-48: weekly is the custom format, named for its day", async () => {
    const { objects, bucket, calls } = await run({ kind: "weekly", now: "2026-12-06T01:30:00Z", sql: "PGDMP" });
    expect(objects).toEqual(["weekly/ai_company_20261206.dump"]);
    expect(readFileSync(join(bucket, objects[0] ?? ""), "utf8")).toBe("PGDMP");
    expect(calls).toContain("pg_dump --no-password --snapshot=1 --lock-wait-timeout=300000 --format=custom");
  });

  it.each([
    ["2026-01-01T04:00:00Z", "202512"],
    ["2026-02-01T04:00:00Z", "202601"],
    ["2026-09-01T04:00:00Z", "202608"],
    ["2026-10-01T04:00:00Z", "202609"],
    ["2026-12-31T23:59:59Z", "202611"],
  ])("names a monthly archive of %s for the month that has ended, %s", async (now, month) => {
    expect((await run({ kind: "monthly", now })).objects).toEqual([`monthly/ai_company_${month}.tar.gz`]);
  });

  it.each([0, 1, 511, 65_535, 65_536, 65_537, 1_000_000])(
    "S4-49: monthly is a tar.gz whose members together are the SQL of %i bytes",
    async (bytes) => {
      const sql = Array.from({ length: bytes }, (_, index) => String.fromCharCode(97 + ((index * 7) % 26))).join("");
      const { objects, bucket, dump, upload } = await run({ kind: "monthly", sql });
      expect([dump?.code, upload?.code], `${dump?.said}${upload?.said}`).toEqual([0, 0]);
      const archive = join(bucket, objects[0] ?? "");
      const unpacked = execFileSync("tar", ["-xzOf", archive], { maxBuffer: 10_000_000, encoding: "utf8" });
      expect(unpacked === sql).toBe(true);
      const members = execFileSync("tar", ["-tzf", archive], { encoding: "utf8" }).split("\n").filter(Boolean);
      expect(members).toHaveLength(Math.ceil(bytes / 65_536));
    },
  );

  it("has a manifest beside it", async () => {
    const { stored } = await run({ kind: "daily" });
    expect(stored).toEqual(["daily/ai_company_20260305.sql.gz", "daily/ai_company_20260305.sql.gz.manifest.tsv"]);
  });

  it("tells the uploader how large the dump may be, and gives the sign of life", async () => {
    const { calls } = await run({ kind: "daily" });
    expect(calls).toContain("--expected-size 12345");
    expect(calls).toContain(
      "put-metric-data --namespace ScalingLadder/Backup --metric-name DumpSucceeded --unit Count --value 1 --dimensions Stack=prod,Database=ai_company,Kind=daily",
    );
  });
});

describe("a dump that fails", () => {
  it.each(["daily", "weekly", "monthly"])(
    "leaves no object and no sign of life when pg_dump fails: %s",
    async (kind) => {
      const { dump, upload, objects, calls } = await run({ kind, pgDump: "exit 3" });
      expect(dump?.code).toBe(1);
      expect(upload?.code).toBe(1);
      expect(objects.filter((name) => name !== ".part")).toEqual([]);
      expect(calls).not.toContain("put-metric-data");
    },
  );

  it("ends at once when the database cannot be reached", async () => {
    const { dump, upload, objects } = await run({ kind: "daily", psql: "exit 2" });
    expect([dump?.code, upload?.code]).toEqual([1, 1]);
    expect(objects).toEqual([]);
  });

  it("fails when the upload fails, whichever end sees it first", async () => {
    const early = await run({ kind: "daily", upload: "exit 1" });
    expect(early.upload?.code).not.toBe(0);
    const late = await run({ kind: "daily", upload: "cat >/dev/null; exit 1" });
    expect(late.upload?.code).not.toBe(0);
    expect([...early.objects, ...late.objects]).toEqual([]);
    expect(early.calls + late.calls).not.toContain("put-metric-data");
  });

  it("keeps a good dump when only the metric cannot be sent: its alarm tells", async () => {
    const { upload, objects } = await run({ kind: "daily", metric: "exit 255" });
    expect(upload?.code).toBe(0);
    expect(upload?.said).toContain("the metric could not be sent");
    expect(objects).toEqual(["daily/ai_company_20260305.sql.gz"]);
  });

  it("knows no other kind", async () => {
    const { dump, upload } = await run({ kind: "hourly" });
    expect([dump?.code, upload?.code]).toEqual([2, 1]);
  });
});

describe("secrets", () => {
  it("never puts the password on a command line, nor says it", async () => {
    const { calls, dump, upload } = await run({ kind: "monthly" });
    expect(calls + dump?.said + upload?.said).not.toContain(PASSWORD);
  });
});
