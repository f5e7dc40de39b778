import type { Input } from "@pulumi/pulumi";
import { DUMP_ALARM, dumpDimensions } from "../backup/dumpMetric";
import type { Alert, CloudWatchRule, Facts, Scope } from "./alert";
import { logNamespace } from "./logMetrics";

/** What a stack has on AWS that can be watched. What is left out gets no alarms. */
export interface Estate {
  readonly stack: string;
  readonly primaryIdentifier: string;
  readonly replicaIdentifiers: readonly string[];
  readonly proxyName?: string;
  /** Cache nodes as ElastiCache names them: `<group>-0001-001`, or `<group>-001` without cluster mode. */
  readonly cacheMemberIds: readonly string[];
  readonly bucketName?: Input<string>;
  readonly replication?: { readonly replicaBucketName: Input<string>; readonly ruleId: Input<string> };
  readonly vaultName?: Input<string>;
  readonly copyVaultName?: Input<string>;
  /** Databases that are dumped daily. */
  readonly dumps: readonly string[];
}

/** The name of the request metrics of the whole bucket, as S3's console calls them. */
export const WHOLE_BUCKET = "EntireBucket";

/** One thing to watch. `key` tells it apart from others of its scope and is empty where there is only one. */
interface Target {
  readonly key: string;
  readonly dimensions: Readonly<Record<string, Input<string>>>;
}

const instance = (identifier: string): Target => ({
  key: identifier,
  dimensions: { DBInstanceIdentifier: identifier },
});

const vaultTargets = (name: Input<string> | undefined): readonly Target[] =>
  name === undefined ? [] : [{ key: "", dimensions: { BackupVaultName: name } }];

const TARGETS: Readonly<Record<Scope, (estate: Estate) => readonly Target[]>> = {
  primary: ({ primaryIdentifier }) => [{ ...instance(primaryIdentifier), key: "" }],
  replica: ({ replicaIdentifiers }) => replicaIdentifiers.map(instance),
  instance: ({ primaryIdentifier, replicaIdentifiers }) => [primaryIdentifier, ...replicaIdentifiers].map(instance),
  proxy: ({ proxyName }) => (proxyName === undefined ? [] : [{ key: "", dimensions: { ProxyName: proxyName } }]),
  "proxied-writer": ({ proxyName }) =>
    proxyName === undefined
      ? []
      : [{ key: "", dimensions: { ProxyName: proxyName, TargetGroup: "default", TargetRole: "READ_WRITE" } }],
  "direct-writer": ({ proxyName, primaryIdentifier }) =>
    proxyName === undefined ? [{ ...instance(primaryIdentifier), key: "" }] : [],
  logs: () => [{ key: "", dimensions: {} }],
  "cache-node": ({ cacheMemberIds }) =>
    cacheMemberIds.map((id) => ({ key: id, dimensions: { CacheClusterId: id, CacheNodeId: "0001" } })),
  bucket: ({ bucketName }) =>
    bucketName === undefined ? [] : [{ key: "", dimensions: { BucketName: bucketName, FilterId: WHOLE_BUCKET } }],
  replication: ({ bucketName, replication }) =>
    bucketName === undefined || replication === undefined
      ? []
      : [
          {
            key: "",
            dimensions: {
              SourceBucket: bucketName,
              DestinationBucket: replication.replicaBucketName,
              RuleId: replication.ruleId,
            },
          },
        ],
  vault: ({ vaultName }) => vaultTargets(vaultName),
  "copy-vault": ({ copyVaultName }) => vaultTargets(copyVaultName),
  dump: ({ dumps, stack }) =>
    dumps.map((database) => ({ key: database, dimensions: { ...dumpDimensions(stack, database, DUMP_ALARM.kind) } })),
};

/** One alarm to be made. */
export interface AlarmPlan {
  /** The alert's name, with what tells this alarm apart from others of the alert. */
  readonly key: string;
  readonly alert: Alert;
  readonly rule: CloudWatchRule;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, Input<string>>>;
  readonly threshold: number;
}

/** The alarms that these alerts need for this stack, in the order of the catalogue. */
export const planAlarms = (alerts: readonly Alert[], estate: Estate, facts: Facts): readonly AlarmPlan[] =>
  alerts.flatMap((alert) =>
    (alert.cloudwatch ?? []).flatMap((rule) =>
      TARGETS[rule.scope](estate).map(
        ({ key, dimensions }): AlarmPlan => ({
          key: key === "" ? alert.name : `${alert.name}-${key}`,
          alert,
          rule,
          namespace: rule.namespace ?? logNamespace(estate.stack),
          dimensions,
          threshold: Math.round(alert.threshold(facts) * 100) / 100,
        }),
      ),
    ),
  );
