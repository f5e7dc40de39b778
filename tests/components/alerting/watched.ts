import * as pulumi from "@pulumi/pulumi";
import type { WatchedDatabase } from "../../../components/alerting/cloudWatchAlerts";
import type { RehearsedMocks } from "../../../rehearsal/mocks";

export const ACCOUNT = "123456789012";
export const PRIMARY = "aibase-test-primary";
export const REPLICAS = ["aibase-test-replica-1", "aibase-test-replica-2"];
export const BUCKET = "aibase-files-123456789012-test";

/** Lets the simulated cloud hold what other components would have made. */
export function holding({ world }: RehearsedMocks, type: string, id: string, values: object = {}): void {
  world.put({
    type,
    id,
    urn: `urn:pulumi:test::held::${type}::${id}`,
    values: { ...values },
    serial: world.nextSerial(),
  });
}

/** A database as RdsDatabase tells of it, with its instances and log groups in the simulated cloud. */
export function watchedDatabase(cloud: RehearsedMocks, { replicas = REPLICAS, proxy = true } = {}): WatchedDatabase {
  const identifiers = [PRIMARY, ...replicas];
  const logGroupNames = identifiers.flatMap((id) =>
    ["postgresql", "upgrade"].map((type) => `/aws/rds/instance/${id}/${type}`),
  );
  for (const identifier of identifiers) holding(cloud, "aws:rds/instance:Instance", identifier, { identifier });
  for (const name of logGroupNames) holding(cloud, "aws:cloudwatch/logGroup:LogGroup", name, { name });
  const component = new pulumi.ComponentResource("test:database:Database", "database");
  return Object.assign(component, {
    primaryIdentifier: PRIMARY,
    replicaIdentifiers: replicas,
    ...(proxy ? { proxyName: "aibase-test-pooler" } : {}),
    logGroupNames,
    logGroups: [component],
  });
}
