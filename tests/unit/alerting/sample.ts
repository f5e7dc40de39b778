import type { Estate } from "../../../components/alerting/alarms";
import type { Facts } from "../../../components/alerting/alert";

/** Figures of the enterprise tier's database: 8 vCPU, 32 GiB, 200 connections, 1024 GiB. */
export const FACTS: Facts = {
  memoryGiB: 32,
  vcpus: 8,
  maxConnections: 200,
  storageGiB: 1024,
  tierMaxUsers: 1_000_000,
};

/** A stack that has everything. */
export const ESTATE: Estate = {
  stack: "test",
  primaryIdentifier: "aibase-test-primary",
  replicaIdentifiers: ["aibase-test-replica-1", "aibase-test-replica-2"],
  proxyName: "aibase-test-pooler",
  cacheMemberIds: ["aibase-test-cache-0001-001", "aibase-test-cache-0001-002"],
  bucketName: "aibase-files-123456789012-test",
  replication: { replicaBucketName: "aibase-files-123456789012-test-copy", ruleId: "everything" },
  vaultName: "aibase-test-backups",
  copyVaultName: "aibase-test-backup-copies",
  dumps: ["aibase", "circle"],
};

/** A stack that has as little as there can be. */
export const LEAST: Estate = {
  stack: "test",
  primaryIdentifier: "aibase-test-primary",
  replicaIdentifiers: [],
  cacheMemberIds: [],
  dumps: [],
};
