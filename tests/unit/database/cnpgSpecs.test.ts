import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BACKUP_SCHEDULE } from "../../../components/database/cnpg/backupStore";
import { objectName } from "../../../components/database/cnpg/names";
import { cnpgParameters } from "../../../components/database/cnpg/parameters";
import { POOLER_INSTANCES, poolerParameters, poolSizes } from "../../../components/database/cnpg/poolerSpec";
import { customQueries, renderQueries } from "../../../components/database/cnpg/queries";
import { scaledParameters } from "../../../components/database/parameters";
import { BACKUP_WINDOW } from "../../../components/database/restore";
import { sizeByName } from "../../../settings/tiers";

const machine = fc.record({ vcpus: fc.integer({ min: 1, max: 128 }), memoryGiB: fc.integer({ min: 1, max: 1024 }) });
const walStorageGiB = fc.integer({ min: 10, max: 4096 });
const KB = { kB: 1, MB: 1024, GB: 1024 * 1024 } as const;

/** Kilobytes of a value with a unit. */
const kilobytes = (value: string | undefined): number => {
  const [, digits, unit] = /^(\d+)(kB|MB|GB)$/.exec(value ?? "") ?? [];
  if (digits === undefined) throw new Error(`${value} has no unit`);
  return Number(digits) * KB[unit as keyof typeof KB];
};

describe("the documented parameters of a cluster", () => {
  it.each([
    ["S3-10", "max_connections", "200"],
    ["S3-11", "shared_buffers", "256MB"],
    ["S3-12", "effective_cache_size", "1GB"],
    ["S3-13", "work_mem", "4MB"],
    ["S3-14", "maintenance_work_mem", "64MB"],
    ["S3-15", "checkpoint_completion_target", "0.9"],
    ["S3-16", "wal_buffers", "16MB"],
    ["S3-17", "random_page_cost", "1.1"],
    ["S3-18", "effective_io_concurrency", "200"],
  ])("%s: %s is %s, as the documents write it", (_id, name, value) => {
    const parameters = cnpgParameters({ tuning: "documented", machine: sizeByName("production"), walStorageGiB: 50 });
    expect(parameters[name]).toBe(value);
  });
});

describe("the scaled parameters of a cluster", () => {
  it("are the very figures of RDS, with units", () => {
    fc.assert(
      fc.property(machine, walStorageGiB, (size, wal) => {
        const [scaled, parameters] = [
          scaledParameters(size),
          cnpgParameters({ tuning: "scaled", machine: size, walStorageGiB: wal }),
        ];
        for (const name of ["shared_buffers", "effective_cache_size", "wal_buffers"])
          expect(kilobytes(parameters[name])).toBe(Number(scaled[name]) * 8);
        for (const name of ["work_mem", "maintenance_work_mem"])
          expect(kilobytes(parameters[name])).toBe(Number(scaled[name]));
      }),
    );
  });

  it("leave half of the WAL volume to what is no replication slot's", () => {
    fc.assert(
      fc.property(machine, walStorageGiB, (size, wal) => {
        const parameters = cnpgParameters({ tuning: "documented", machine: size, walStorageGiB: wal });
        expect(kilobytes(parameters.max_slot_wal_keep_size)).toBe((wal * KB.GB) / 2);
      }),
    );
  });

  it("name nothing twice, in one order, and never what is the operator's", () => {
    const names = Object.keys(
      cnpgParameters({ tuning: "scaled", machine: sizeByName("high-load"), walStorageGiB: 100 }),
    );
    expect(names).toEqual([...names].sort());
    for (const name of ["shared_preload_libraries", "archive_command", "wal_level", "ssl", "rds.force_ssl"])
      expect(names).not.toContain(name);
  });
});

describe("the sizes of a pooler", () => {
  const choice = fc.record({
    maxConnections: fc.integer({ min: 50, max: 5000 }),
    databases: fc.integer({ min: 1, max: 20 }),
    poolMax: fc.integer({ min: 1, max: 500 }),
  });

  it("never open more than four fifths of what the server has, all pods and databases together", () => {
    fc.assert(
      fc.property(choice, ({ maxConnections, databases, poolMax }) => {
        const { perDatabase, least } = poolSizes({ maxConnections, databases, poolMax });
        expect(perDatabase * databases * POOLER_INSTANCES).toBeLessThanOrEqual(0.8 * maxConnections);
        expect(perDatabase).toBeGreaterThanOrEqual(1);
        expect(least).toBeLessThanOrEqual(Math.min(poolMax, perDatabase));
      }),
    );
  });

  it("S1-72: take 10,000 clients, whatever the server has", () => {
    const { clients } = poolSizes({ maxConnections: 200, databases: 1, poolMax: 20 });
    expect(clients * POOLER_INSTANCES).toBe(10_000);
    expect(poolerParameters({ maxConnections: 200, databases: 1, poolMax: 20 })).toMatchObject({
      default_pool_size: "80",
      min_pool_size: "20",
    });
  });
});

describe("the custom queries", () => {
  const queries = customQueries(["aibase", "4g3n7db"]);

  it.each([
    ["S4-37", "postgres", "connections"],
    ["S4-38", "postgres", "slow_queries"],
    ["S4-39", "postgres_cache", "hit_ratio"],
  ])("%s: %s has %s, which the exporter calls cnpg_<query>_<column>", (_id, query, column) => {
    expect(queries[query]?.metrics.flatMap(Object.keys)).toContain(column);
  });

  it("are asked in each database that counts by database, and name no other", () => {
    expect(queries.postgres_cache?.target_databases).toEqual(["aibase", "4g3n7db"]);
    expect(queries.pg_stat_user_tables?.target_databases).toEqual(["aibase", "4g3n7db"]);
  });

  it("select every column that they describe", () => {
    for (const [name, { query, metrics }] of Object.entries(queries))
      for (const column of metrics.flatMap(Object.keys)) expect(query, name).toMatch(new RegExp(`\\b${column}\\b`));
  });

  it("are written so that the exporter reads them back", () => {
    expect(JSON.parse(renderQueries(["aibase", "4g3n7db"]))).toEqual(queries);
  });
});

describe("names and times", () => {
  it("turn a database into the name of an object", () => {
    expect(["ai_company", "4g3n7db"].map(objectName)).toEqual(["ai-company", "4g3n7db"]);
  });

  it("begin the daily backup when the window for backups opens", () => {
    const [, minute, hour] = BACKUP_SCHEDULE.split(" ");
    expect(BACKUP_WINDOW.startsWith(`${hour?.padStart(2, "0")}:${minute?.padStart(2, "0")}-`)).toBe(true);
    expect(BACKUP_SCHEDULE.split(" ")).toHaveLength(6);
  });
});
