import * as pulumi from "@pulumi/pulumi";
import type { CloudNativePgArgs } from "../../../../components/database/cnpg/args";
import { CloudNativePg } from "../../../../components/database/cnpg/cloudNativePg";
import { Namespace } from "../../../../components/kubernetes/namespace";
import { rehearsedMocks } from "../../../../rehearsal/mocks";
import type { Values } from "../../../../rehearsal/model";
import { sizeByName } from "../../../../settings/tiers";
import { recording } from "../../../support/recording";

/** A cluster as tier smb has it. Made after the mocks, as everything with outputs. */
export const cnpgArgs = (more: Partial<CloudNativePgArgs> = {}): CloudNativePgArgs => ({
  namespace: "aibase",
  databaseName: "aibase",
  databases: ["aibase", "ai_company", "4g3n7db"],
  version: 16,
  size: sizeByName("production"),
  storageGiB: 500,
  tuning: "documented",
  pooler: true,
  poolMax: 20,
  backup: {
    bucket: "aibase-backups",
    path: "postgres",
    region: "eu-central-1",
    endpoint: "https://s3.example.com:9000",
    credentials: { accessKey: pulumi.secret("the-access-key"), secretKey: pulumi.secret("the-secret-key") },
  },
  pitrDays: 7,
  clients: ["aibase", "database-dump"],
  deletionProtection: true,
  ...more,
});

export const CLUSTER = "postgresql.cnpg.io/v1:Cluster";
export const POOLER = "postgresql.cnpg.io/v1:Pooler";
export const SCHEDULED_BACKUP = "postgresql.cnpg.io/v1:ScheduledBackup";
export const DATABASE = "postgresql.cnpg.io/v1:Database";
export const STORE = "barmancloud.cnpg.io/v1:ObjectStore";
export const SECRET = "core/v1:Secret";
export const NETWORK_POLICY = "networking.k8s.io/v1:NetworkPolicy";

/** Makes a cluster against the simulated clouds; everything is made when this returns. */
export async function makeCnpg(more: Partial<CloudNativePgArgs> = {}) {
  const cloud = rehearsedMocks({ stack: "smb" });
  const records = recording();
  const { namespace } = new Namespace("namespace", { name: "aibase" });
  const database = new CloudNativePg("database", cnpgArgs({ namespace, ...more }), records.opts);
  await records.made();
  const spec = (type: string, name?: string): Values => cloud.one(type, name).inputs.spec as Values;
  return { database, spec, ...records, ...cloud };
}
