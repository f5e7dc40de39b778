/**
 * Times moving 10,000 small files (4 to 64 KiB) and 20 large ones (100 MB) to a bucket, against the public tools that copy a folder to
 * S3, on the same files and the same server, in turn.
 *
 * Run: `npx tsx bench/files.ts [rounds]`. Needs 8 GB of temporary space.
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { moveFolder } from "../promotion/files/move";
import { openStore } from "../promotion/files/store/store";
import { verifyFolder } from "../promotion/files/verify";
import { type S3Server, startS3 } from "../tests/servers/s3";
import { OPTIONS } from "../tests/servers/tools";
import { programOf } from "../tools/cache";
import { MINIO_CLIENT } from "../tools/goTool";
import { AWS } from "../tools/pythonTool";
import { judge, type Line, median, printLines } from "./measure";

const SMALL_FILES = 10_000;
const LARGE_FILES = 20;
const LARGE_BYTES = 100 * 1000 ** 2;
const MOST_TIME = 1 / 0.8;

/** Bytes that do not compress, from a repeatable sequence. */
function noise(bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  let state = 12345;
  for (let at = 0; at + 4 <= bytes; at += 4) {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    buffer.writeInt32LE(state, at);
  }
  return buffer;
}

function makeFiles(folder: string): { readonly small: string; readonly large: string } {
  const bytes = noise(4 * 1024 ** 2);
  const [small, large] = [join(folder, "small"), join(folder, "large")];
  for (let n = 0; n < SMALL_FILES; n++) {
    const place = join(small, String(n % 100));
    if (n < 100) mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${n}.bin`), bytes.subarray(n, n + 4096 + ((n * 7919) % 61_440)));
  }
  mkdirSync(large);
  for (let n = 0; n < LARGE_FILES; n++) {
    const file = openSync(join(large, `${n}.bin`), "w");
    for (let left = LARGE_BYTES; left > 0; left -= bytes.length)
      writeSync(file, bytes, 0, Math.min(left, bytes.length));
    closeSync(file);
  }
  return { small, large };
}

interface Peer {
  readonly name: string;
  copy(server: S3Server, folder: string, bucket: string): void;
}

/** The tool of AWS, which the target is of, and that of MinIO. */
async function findPeers(): Promise<Peer[]> {
  const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
    void execFileSync(command, args, {
      env: { PATH: process.env.PATH, HOME: tmpdir(), ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });
  const aws = await programOf(AWS, OPTIONS);
  const mc = await programOf(MINIO_CLIENT, OPTIONS);
  return [
    {
      name: "aws s3 sync",
      copy: (server, folder, bucket) =>
        run(aws, ["s3", "sync", "--only-show-errors", folder, `s3://${bucket}`], server.env),
    },
    {
      name: "mc mirror",
      copy(server, folder, bucket) {
        const { endpoint, accessKey, secretKey } = server;
        const host = endpoint.replace("://", `://${accessKey}:${secretKey}@`);
        run(mc, ["--quiet", "mirror", folder, `bench/${bucket}`], { ...server.env, MC_HOST_bench: host });
      },
    },
  ];
}

/** Ours, which reads every object back; then a full comparison, which is not timed. */
async function ours(server: S3Server, folder: string, bucket: string, journal: string): Promise<number> {
  const { endpoint, region, accessKey: accessKeyId, secretKey: secretAccessKey } = server;
  const store = await openStore({
    bucket,
    region,
    endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    const start = performance.now();
    const moved = await moveFolder({ folder, store, journal });
    const seconds = (performance.now() - start) / 1000;
    const verdict = await verifyFolder({ folder, store, journal });
    if (!verdict.agrees || moved.copied !== moved.files)
      throw new Error(`not all was moved: ${JSON.stringify(verdict)}`);
    return seconds;
  } finally {
    store.close();
  }
}

/** Runs each way once with a bucket of its own, which is emptied by the server's folder: no time of others. */
async function inBucket(server: S3Server, name: string, copy: (bucket: string) => Promise<number>): Promise<number> {
  await server.createBucket(name);
  try {
    return await copy(name);
  } finally {
    rmSync(join(server.folder, name), { recursive: true, force: true });
    rmSync(join(server.folder, "..", "meta", name), { recursive: true, force: true });
  }
}

export async function benchFiles(rounds = 2): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "ladder-bench-"));
  const server = await startS3();
  try {
    const peers = await findPeers();
    console.log(`Making ${SMALL_FILES} small and ${LARGE_FILES} large files ...`);
    const folders = makeFiles(scratch);
    for (const [kind, folder] of Object.entries(folders)) {
      const lines: Line[] = [...peers, { name: "ours, with reading back" }].map(({ name }) => ({
        what: `${kind}: ${name}`,
        values: [],
      }));
      const values = lines.map(({ values: list }) => list as number[]);
      for (let round = 0; round < rounds; round++) {
        for (const [n, peer] of peers.entries())
          values[n]?.push(
            await inBucket(server, `peer-${kind}-${n}-${round}`, async (bucket) => {
              const start = performance.now();
              peer.copy(server, folder, bucket);
              return (performance.now() - start) / 1000;
            }),
          );
        const journal = join(scratch, `${kind}-${round}.db`);
        values
          .at(-1)
          ?.push(await inBucket(server, `ours-${kind}-${round}`, (bucket) => ours(server, folder, bucket, journal)));
      }
      printLines(lines);
      const own = median(lines.at(-1)?.values ?? []);
      for (const { what, values: theirs } of lines.slice(0, -1)) {
        const time = { what: `${kind}: our time as a share of ${what}`, value: own / median(theirs), unit: "" };
        if (what.endsWith("aws s3 sync")) judge({ ...time, limit: MOST_TIME });
        else console.log(`  ${time.what}: ${time.value.toFixed(2)}`);
      }
    }
  } finally {
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (require.main === module) void benchFiles(process.argv[2] === undefined ? undefined : Number(process.argv[2]));
