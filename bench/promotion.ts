/**
 * Promotes 3,000,000 rows, against pgloader on the same file and against the server's own COPY of the same rows, in turn.
 * Run: `npm run bench -- promotion [rounds]`. Needs 8 GB of temporary space.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { cpuOfChildren, cpuOfServer } from "./cpuTime";
import { judge, type Line, median, printLines } from "./measure";
import { type BenchSource, breeding, items } from "./promotionData";
import { benchServer, emptyDatabase, rowsIn, runPgloader, serverCopy, targetFor } from "./promotionPeers";
import { type Measured, promoteAlone } from "./promotionRun";

const ROWS = 3_000_000;
/** Four times as fast as pgloader; three quarters as fast as COPY. */
const MOST_OF_PGLOADER = 1 / 4;
const MOST_OF_COPY = 1 / 0.75;
const MOST_MEMORY = 400;

/** Of one round. `cpu`: seconds of processors in program and server, which other programs on the machine hardly change. */
interface Round {
  readonly ours: Measured;
  readonly pgloader: { readonly seconds: number; readonly cpu: number };
  readonly copy: number;
}

async function round(source: BenchSource, file: string, scratch: string): Promise<Round> {
  const server = await benchServer();
  const folder = mkdtempSync(join(scratch, "round-"));
  try {
    const peer = await emptyDatabase(server, "peer");
    const now = () => cpuOfChildren() + cpuOfServer(server.folder);
    const before = now();
    const { seconds, printed } = await runPgloader(file, peer);
    const pgloader = { seconds, cpu: now() - before };
    const loaded = await rowsIn(server, "peer");
    if (loaded < source.rows) throw new Error(`pgloader loaded ${loaded} of ${source.rows} rows: ${printed}`);
    await server.psql("DROP DATABASE peer");
    const connection = await targetFor(server, source, "target");
    await server.psql("CHECKPOINT");
    const { catalogue } = source;
    const ours = await promoteAlone({
      folder,
      file,
      connection,
      server: server.folder,
      ...(catalogue === undefined ? {} : { catalogue }),
      wish: "soak",
    });
    const tables = await server.psql(
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'schema_migrations' AND pg_relation_size(oid) > 0 ORDER BY relname",
      connection.database,
    );
    return { ours, pgloader, copy: await serverCopy(server, connection.database, tables.split("\n")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  }
}

const PARTS = ["assess", "prepare", "load", "indexes", "verify", "cutover", "total", "backup"] as const;

/** What a loader does too: tables, rows, indexes, constraints. */
const loading = ({ prepare, load, indexes, cutover }: Measured): number => prepare + load + indexes + cutover;

export async function compare(source: BenchSource, scratch: string, rounds: number): Promise<void> {
  console.log(`Promotion: ${source.what}`);
  const done: Round[] = [];
  for (let count = 0; count < rounds; count += 1) {
    // The promotion leaves its triggers in the file.
    const file = join(scratch, "source.db");
    source.make(file);
    done.push(await round(source, file, scratch));
    for (const ending of ["", "-wal", "-shm"]) rmSync(`${file}${ending}`, { force: true });
  }
  const values = (of: (round: Round) => number): number[] => done.map(of);
  const lines: Line[] = [
    ...PARTS.map((part) => ({ what: `ours, ${part}`, values: values(({ ours }) => ours[part]) })),
    { what: "ours, without assess, verify and backup", values: values(({ ours }) => loading(ours)) },
    { what: "pgloader, from its start to its end", values: values(({ pgloader }) => pgloader.seconds) },
    { what: "COPY from files on the server", values: values(({ copy }) => copy) },
    { what: "processors: ours, assess", values: values(({ ours }) => ours.cpu.assess) },
    { what: "processors: ours, rows and indexes", values: values(({ ours }) => ours.cpu.copy) },
    { what: "processors: ours, verify", values: values(({ ours }) => ours.cpu.verify) },
    { what: "processors: pgloader", values: values(({ pgloader }) => pgloader.cpu) },
  ];
  printLines(lines);
  printLines([{ what: "ours, most memory", values: values(({ ours }) => ours.memory) }], "MB");
  console.log(`  load average ${loadavg()[0]?.toFixed(1)}`);
  const share = (what: string, of: (round: Round) => number, limit: number): void =>
    judge({ what, value: median(values(of)), limit, unit: "" });
  share(
    "tables, rows, indexes and constraints, as a share of pgloader's time",
    ({ ours, pgloader }) => loading(ours) / pgloader.seconds,
    MOST_OF_PGLOADER,
  );
  console.log(
    `  with assess and verify, which pgloader does not: ${median(values(({ ours, pgloader }) => ours.total / pgloader.seconds)).toFixed(2)}`,
  );
  share("rows alone, as a share of COPY's time", ({ ours, copy }) => ours.load / copy, MOST_OF_COPY);
  judge({
    what: "most memory",
    value: Math.max(...values(({ ours }) => ours.memory)),
    limit: MOST_MEMORY,
    unit: " MB",
  });
}

export async function benchPromotion(rounds = 3): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "ladder-bench-"));
  try {
    for (const source of [items(ROWS), breeding]) await compare(source, scratch, rounds);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
