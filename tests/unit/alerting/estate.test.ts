import { assert, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { measuredBy, PARTS } from "../../../components/alerting/alert";
import { alertsOf, CATALOGUE } from "../../../components/alerting/catalogue";
import { cnpgRecordings } from "../../../components/alerting/prometheus/cnpg";
import {
  type ClusterEstate,
  factsOf,
  partsOf,
  recordingsOf,
  scrapedOf,
} from "../../../components/alerting/prometheus/estate";
import { jobRecordings } from "../../../components/alerting/prometheus/sources";
import { metricsOf } from "../../../components/alerting/prometheusRules";
import { customQueries } from "../../../components/database/cnpg/queries";

const of = metricsOf("shop");
const DATABASE = {
  clusterName: "pg",
  instances: 3,
  poolerName: "pg-pooler",
  archive: true,
  facts: { memoryGiB: 8, vcpus: 2, maxConnections: 200, storageGiB: 100 },
};
const EVERYTHING: ClusterEstate = {
  app: { workload: "deployment", port: 3000 },
  database: DATABASE,
  sqlite: {},
  cache: {},
  files: {},
  dumps: ["aibase"],
  drills: ["aibase"],
  tierMaxUsers: 100_000,
};

describe("what is watched in a cluster", () => {
  it("is every part that Prometheus has rules for, where a stack has everything", () => {
    const parts = new Set(CATALOGUE.filter(({ prometheus }) => prometheus !== undefined).map(({ part }) => part));
    expect(partsOf(EVERYTHING)).toEqual(PARTS.filter((part) => parts.has(part)));
  });

  it("is nothing for a stack that has nothing", () => {
    expect([partsOf({}), scrapedOf({}), recordingsOf({}, of)]).toEqual([[], [], []]);
  });

  it("is no replica of a single instance, no pooler and no archive where there is none", () => {
    const { poolerName: _, ...direct } = DATABASE;
    const parts = partsOf({ database: { ...direct, instances: 1, archive: false } });
    expect(parts).toEqual(["availability", "database", "queries", "volumes"]);
    expect(scrapedOf({ database: direct }).map(({ port }) => port)).toEqual([9187]);
  });

  it("has the metrics that its rules always need, from a recording or from an exporter by its own name", () => {
    const recorded = new Set(recordingsOf(EVERYTHING, of).map(({ record }) => record));
    const OWN = /^(redis|litestream|minio|kube|kubelet|container|query|total)_/;
    for (const { name, prometheus } of alertsOf(partsOf(EVERYTHING)))
      prometheus?.value((metric) => {
        expect(recorded.has(metric) || OWN.test(metric), `${name}: ${metric}`).toBe(true);
        return metric;
      });
  });

  it("depends on the database's figures for the database only", () => {
    const [none, some] = [factsOf({}), factsOf({ database: DATABASE })];
    for (const alert of CATALOGUE.filter(({ part, prometheus }) => prometheus !== undefined && part !== "database"))
      expect(measuredBy(alert).threshold(none), alert.name).toBe(measuredBy(alert).threshold(some));
  });

  it("finds the pods of each exporter by different labels or ports", () => {
    const places = scrapedOf(EVERYTHING).map(({ labels, port }) => JSON.stringify([labels, port]));
    expect(new Set(places).size).toBe(places.length);
    expect(new Set(scrapedOf(EVERYTHING).map(({ name }) => name)).size).toBe(places.length);
  });
});

describe("the metrics that are made of CloudNativePG's", () => {
  const recordings = cnpgRecordings(of, DATABASE);

  it("are each made once", () => {
    const names = recordings.map(({ record }) => record);
    expect(new Set(names).size).toBe(names.length);
  });

  it("read our own queries by the names that these have", () => {
    const asked = new Set(
      Object.entries(customQueries(["aibase"])).flatMap(([query, { metrics }]) =>
        metrics.flatMap((each) => Object.keys(each).map((column) => `cnpg_${query}_${column}`)),
      ),
    );
    // The operator's own queries; what is neither would never be there.
    const THEIRS =
      /^cnpg_(collector_(up|pg_wal_archive_status)|backends_(total|max_tx_duration_seconds)|pg_settings_setting|pg_replication_(in_recovery|lag)|pg_replication_slots_active|pg_database_(size_bytes|xid_age)|pg_stat_database_(deadlocks|xact_commit|xact_rollback|blks_read|blks_hit)|pg_stat_archiver_last_(archived|failed)_time|pgbouncer_pools_cl_waiting)$/;
    const used = new Set(recordings.flatMap(({ expr }) => [...expr.matchAll(/\bcnpg_\w+/g)].map(([metric]) => metric)));
    for (const metric of used) expect(asked.has(metric) || THEIRS.test(metric), metric).toBe(true);
    expect([...asked].filter((metric) => used.has(metric)).length).toBeGreaterThan(8);
  });

  it("look at the pods of this cluster and of this namespace only, whatever they are called", () => {
    assert(
      property(
        record({ name: constantFrom("pg", "aibase-db", "x"), instances: integer({ min: 1, max: 9 }) }),
        ({ name, instances }) => {
          for (const { expr } of cnpgRecordings(of, { clusterName: name, instances })) {
            const selectors = [...expr.matchAll(/\{[^}]*\}/g)].map(([selector]) => selector);
            expect(selectors.length).toBeGreaterThan(0);
            for (const selector of selectors) expect(selector).toMatch(`{namespace="shop",pod=~"${name}-[0-9]+"`);
          }
        },
      ),
    );
  });
});

describe("the state of jobs", () => {
  it("is that of the CronJobs of these databases, by the names that they get, and of their scheduled jobs", () => {
    const [success, failure] = jobRecordings(of, "dump", ["AI_Company", "circle"]);
    const names = ["ai-company", "circle"].flatMap((name) =>
      ["daily", "weekly", "monthly"].map((kind) => `dump-${kind}-${name}`),
    );
    expect(success?.expr).toContain(`cronjob=~"${names.join("|")}"`);
    expect(failure?.expr).toContain(`job_name=~"(${names.join("|")})-[0-9]+"`);
  });
});
