import { CASES as alerting } from "./alertingCases";
import { CASES as alertPath } from "./alertPathCases";
import { CASES as appPrincipal } from "./appPrincipalCases";
import { CASES as backup } from "./backupCases";
import { CASES as bucket } from "./bucketCases";
import { CASES as bucketPolicy } from "./bucketPolicyCases";
import { CASES as bucketStack } from "./bucketStackCases";
import { CASES as budget } from "./budgetCases";
import { CASES as cache } from "./cacheCases";
import type { Cases } from "./cases";
import { CASES as cdn } from "./cdnCases";
import { CASES as cluster } from "./clusterCases";
import { CASES as connections } from "./connectionCases";
import { CASES as databaseAlarms } from "./databaseAlarmCases";
import { CASES as databaseRoles } from "./databaseRoleCases";
import { CASES as documentedAlerts } from "./documentedAlertCases";
import { CASES as dump } from "./dumpCases";
import { CASES as iam } from "./iamCases";
import { CASES as keys } from "./keyCases";
import { CASES as kubernetes } from "./kubernetes";
import { CASES as log } from "./logCases";
import { CASES as network } from "./networkCases";
import { CASES as networkStack } from "./networkStackCases";
import { CASES as outputs } from "./outputCases";
import { CASES as placement } from "./placementCases";
import { CASES as postgresParameters } from "./postgresParameterCases";
import { CASES as protection } from "./protectionCases";
import { CASES as rdsBackups } from "./rdsBackupCases";
import { CASES as rds } from "./rdsCases";
import { CASES as rdsOperations } from "./rdsOperationCases";
import { CASES as rdsPlacement } from "./rdsPlacementCases";
import { CASES as replicas } from "./replicaCases";
import { CASES as replication } from "./replicationCases";
import { CASES as secret } from "./secretCases";
import { CASES as substance } from "./substanceCases";
import { CASES as tier } from "./tierCases";
import { CASES as tierParts } from "./tierPartCases";
import { CASES as trust } from "./trustCases";

/** The cases of every rule, by its name. */
export const CASES: Cases = {
  ...appPrincipal,
  ...bucket,
  ...bucketPolicy,
  ...secret,
  ...replication,
  ...bucketStack,
  ...cache,
  ...cdn,
  ...keys,
  ...kubernetes,
  ...outputs,
  ...replicas,
  ...postgresParameters,
  ...rds,
  ...rdsOperations,
  ...tierParts,
  ...connections,
  ...documentedAlerts,
  ...databaseAlarms,
  ...databaseRoles,
  ...rdsBackups,
  ...rdsPlacement,
  ...tier,
  ...network,
  ...networkStack,
  ...cluster,
  ...iam,
  ...trust,
  ...protection,
  ...placement,
  ...alerting,
  ...alertPath,
  ...backup,
  ...dump,
  ...budget,
  ...log,
  ...substance,
};
