import { type Estate, planAlarms } from "../../../components/alerting/alarms";
import type { Facts } from "../../../components/alerting/alert";
import { CATALOGUE } from "../../../components/alerting/catalogue";
import { dashboardBody } from "../../../components/alerting/dashboard";
import { parametersFor } from "../../../components/database/parameters";
import { enterpriseDatabase } from "../../../settings/databaseFields";
import type { Used } from "./used";

/** A metric that is used, with the names of its dimensions. */
export interface UsedMetric extends Used {
  readonly namespace: string;
  readonly dimensions: readonly string[];
}

const FACTS: Facts = { memoryGiB: 16, vcpus: 4, maxConnections: 200, storageGiB: 200, tierMaxUsers: 1_000_000 };

/** Has one of everything, so that every rule has something to watch. */
const ESTATE: Estate = {
  stack: "prod",
  primaryIdentifier: "primary",
  replicaIdentifiers: ["replica"],
  proxyName: "proxy",
  cacheMemberIds: ["cache-001"],
  bucketName: "bucket",
  replication: { replicaBucketName: "replica-bucket", ruleId: "all" },
  vaultName: "vault",
  dumps: ["aibase"],
};

const metric = (namespace: string, name: string, dimensions: readonly string[], place: string): UsedMetric => ({
  kind: "metric",
  name,
  namespace,
  dimensions: [...dimensions].sort(),
  place,
});

/** AWS's own metrics in alarms and on the dashboard. What a stack measures itself is not AWS's to document. */
export function usedMetrics(): UsedMetric[] {
  // Without a proxy other rules take the place of some.
  const { proxyName: _, ...direct } = ESTATE;
  return [ESTATE, direct].flatMap((estate) => [...alarmMetrics(estate), ...dashboardMetrics(estate)]).filter(isOfAws);
}

const isOfAws = ({ namespace }: UsedMetric): boolean => namespace.startsWith("AWS/");

const alarmMetrics = (estate: Estate): UsedMetric[] =>
  planAlarms(CATALOGUE, estate, FACTS).flatMap(({ alert, rule, namespace, dimensions }) =>
    [rule.metric, ...Object.values(rule.others ?? {}).map((other) => other.metric)].map((name) =>
      metric(namespace, name, Object.keys(dimensions), `alert ${alert.name}`),
    ),
  );

/** A metric of a widget is a list: namespace, name, and dimensions as name and value in turn. */
function dashboardMetrics(estate: Estate): UsedMetric[] {
  const { widgets } = dashboardBody({ region: "us-east-1", estate, facts: FACTS, alarms: [] });
  return widgets.flatMap(({ properties }) => {
    const metrics: readonly unknown[] = Array.isArray(properties.metrics) ? properties.metrics : [];
    return metrics.flatMap((each) => {
      const [namespace, name, ...rest] = (Array.isArray(each) ? each : []).filter((part) => typeof part === "string");
      if (namespace === undefined || name === undefined) return [];
      const dimensions = rest.filter((_part, index) => index % 2 === 0);
      return [metric(namespace, name, dimensions, `dashboard, ${String(properties.title)}`)];
    });
  });
}

/** Parameters of PostgreSQL, of both ways to tune it. */
export const usedParameters = (): Used[] =>
  (["documented", "scaled"] as const).flatMap((tuning) =>
    parametersFor({ tuning, machine: { vcpus: 4, memoryGiB: 16 }, storageGiB: 200 }).map(({ name }) => ({
      kind: "parameter",
      name,
      place: `components/database/parameters.ts, ${tuning}`,
    })),
  );

/** Families of parameters, one for each version of PostgreSQL that the settings take. */
export const usedFamilies = (): Used[] =>
  enterpriseDatabase.shape.version.unwrap().options.map(({ value }) => ({
    kind: "engineVersion",
    name: `postgres${value}`,
    place: "settings/databaseFields.ts",
  }));
