import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DOCUMENTED, parametersFor, scaledParameters, type Tuning } from "../../../components/database/parameters";
import { SIZES, sizeByName } from "../../../settings/tiers";

const GIB_KB = 1024 * 1024;
const machine = fc.record({ vcpus: fc.integer({ min: 2, max: 128 }), memoryGiB: fc.integer({ min: 1, max: 1024 }) });
const storage = fc.integer({ min: 20, max: 65_536 });
const of = (tuning: Tuning, size = sizeByName("high-load"), storageGiB = 1024) =>
  new Map(parametersFor({ tuning, machine: size, storageGiB }).map((each) => [each.name, each]));

describe("the documented parameters", () => {
  it.each([
    ["S3-10: max_connections=200", "max_connections", "200"],
    ["S3-11: shared_buffers=256MB is 32768 pages of 8 kB", "shared_buffers", "32768"],
    ["S3-12: effective_cache_size=1GB is 131072 pages of 8 kB", "effective_cache_size", "131072"],
    ["S3-13: work_mem=4MB is 4096 kB", "work_mem", "4096"],
    ["S3-14: maintenance_work_mem=64MB is 65536 kB", "maintenance_work_mem", "65536"],
    ["S3-15: checkpoint_completion_target=0.9", "checkpoint_completion_target", "0.9"],
    ["S3-16: wal_buffers=16MB is 2048 pages of 8 kB", "wal_buffers", "2048"],
    ["S3-17: random_page_cost=1.1", "random_page_cost", "1.1"],
    ["S3-18: effective_io_concurrency=200", "effective_io_concurrency", "200"],
  ])("%s", (_title, name, value) => {
    expect(of("documented").get(name)?.value).toBe(value);
  });

  it("are the same at every size", () => {
    for (const size of SIZES)
      for (const [name, value] of Object.entries(DOCUMENTED))
        expect(of("documented", size).get(name)?.value).toBe(String(value));
  });
});

describe("the scaled parameters", () => {
  it("are what pgtune says of a web application with 4 GiB and 2 vCPU on SSD", () => {
    expect(scaledParameters({ vcpus: 2, memoryGiB: 4 })).toMatchObject({
      shared_buffers: GIB_KB / 8,
      effective_cache_size: (3 * GIB_KB) / 8,
      maintenance_work_mem: 256 * 1024,
      wal_buffers: 2048,
      work_mem: 5242,
      max_parallel_workers: 2,
      max_parallel_workers_per_gather: 1,
      max_parallel_maintenance_workers: 1,
    });
  });

  it("never promise more memory than there is, at any size", () => {
    fc.assert(
      fc.property(machine, (size) => {
        const memory = size.memoryGiB * GIB_KB;
        const { shared_buffers, effective_cache_size, work_mem, maintenance_work_mem, max_connections, wal_buffers } =
          scaledParameters(size);
        expect(Number(shared_buffers) * 8).toBeLessThanOrEqual(memory / 4);
        expect(Number(effective_cache_size) * 8).toBeLessThanOrEqual((memory * 3) / 4);
        expect(Number(maintenance_work_mem)).toBeLessThanOrEqual(2 * GIB_KB);
        expect(Number(wal_buffers) * 8).toBeLessThanOrEqual(16 * 1024);
        // One operation of every connection at once, beside the buffers.
        expect(Number(work_mem) * Number(max_connections) + Number(shared_buffers) * 8).toBeLessThanOrEqual(memory);
        expect(Number(work_mem)).toBeGreaterThanOrEqual(64);
      }),
    );
  });

  it("never shrink when the machine grows", () => {
    fc.assert(
      fc.property(machine, fc.integer({ min: 1, max: 64 }), (size, more) => {
        const [small, large] = [
          scaledParameters(size),
          scaledParameters({ ...size, memoryGiB: size.memoryGiB + more }),
        ];
        for (const [name, value] of Object.entries(small)) expect(Number(large[name])).toBeGreaterThanOrEqual(value);
      }),
    );
  });

  it("hold the documented nine by name, so that a policy finds them", () => {
    fc.assert(
      fc.property(machine, (size) => void expect(scaledParameters(size)).toMatchObject({ max_connections: 200 })),
    );
    expect(Object.keys(scaledParameters({ vcpus: 8, memoryGiB: 32 }))).toEqual(
      expect.arrayContaining(Object.keys(DOCUMENTED)),
    );
  });
});

describe("the parameter group", () => {
  it.each(["documented", "scaled"] as const)("%s: prepares for a promotion, for insights and for alerts", (tuning) => {
    const values = Object.fromEntries([...of(tuning).values()].map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({
      "rds.force_ssl": "1",
      "rds.logical_replication": "1",
      shared_preload_libraries: "pg_stat_statements,pg_cron",
      wal_sender_timeout: "60000",
      log_min_duration_statement: "1000",
      log_lock_waits: "1",
      log_temp_files: "0",
      idle_in_transaction_session_timeout: "60000",
      timezone: "UTC",
    });
  });

  it("caps what a dead replication slot holds back at a tenth of the storage", () => {
    fc.assert(
      fc.property(storage, (gib) => {
        const held = Number(of("documented", undefined, gib).get("max_slot_wal_keep_size")?.value);
        expect(held).toBeGreaterThan(0);
        expect(held).toBeLessThanOrEqual((gib * 1024) / 10);
      }),
    );
  });

  it("lets exactly the static parameters wait for a restart", () => {
    const waiting = [...of("scaled").values()].filter(({ applyMethod }) => applyMethod === "pending-reboot");
    expect(waiting.map(({ name }) => name)).toEqual([
      "max_connections",
      "rds.logical_replication",
      "shared_buffers",
      "shared_preload_libraries",
      "wal_buffers",
    ]);
  });

  it("is sorted and names nothing twice", () => {
    const names = [...parametersFor({ tuning: "scaled", machine: sizeByName("production"), storageGiB: 500 })].map(
      ({ name }) => name,
    );
    expect(names).toEqual([...new Set(names)].sort());
  });
});
