import type { Rule } from "../rule";
import { alertingRules } from "./alerting";
import { alertPathRules } from "./alertPath";
import { appPrincipalRules } from "./appPrincipal";
import { backupRules } from "./backup";
import { bucketRules } from "./bucket";
import { bucketPolicyRules } from "./bucketPolicy";
import { bucketStackRules } from "./bucketStack";
import { budgetRules } from "./budget";
import { cacheRules } from "./cache";
import { cdnRules } from "./cdn";
import { clusterRules } from "./cluster";
import { poolFitsConnections } from "./connections";
import { databaseAlarmRules } from "./databaseAlarms";
import { documentedAlerts } from "./documentedAlerts";
import { dumpRules } from "./dumps";
import { iamRules } from "./iam";
import { keyRules } from "./keys";
import { kubernetesRules } from "./kubernetes";
import { logRules } from "./logs";
import { networkRules } from "./network";
import { networkStackRules } from "./networkStack";
import { outputsNoCredentials } from "./outputs";
import { placementRules } from "./placement";
import { postgresParameterRules } from "./postgresParameters";
import { protectionRules } from "./protection";
import { rdsRules } from "./rds";
import { rdsBackupRules } from "./rdsBackups";
import { rdsOperationRules } from "./rdsOperations";
import { rdsPlacementRules } from "./rdsPlacement";
import { singleNodeStorageSingleReplica } from "./replicas";
import { replicationRules } from "./replication";
import { secretRules } from "./secrets";
import { substanceRules } from "./substance";
import { tierFitsUsers, tierUsersAdvisory } from "./tier";
import { tierPartsMatch } from "./tierParts";
import { trustRules } from "./trust";

/** Every rule of the pack, in the order in which findings and docs list them. */
export const RULES: readonly Rule[] = [
  tierFitsUsers,
  tierUsersAdvisory,
  singleNodeStorageSingleReplica,
  outputsNoCredentials,
  tierPartsMatch,
  poolFitsConnections,
  ...rdsRules,
  ...rdsOperationRules,
  ...postgresParameterRules,
  ...rdsPlacementRules,
  ...rdsBackupRules,
  ...databaseAlarmRules,
  documentedAlerts,
  ...keyRules,
  ...cacheRules,
  ...bucketRules,
  ...bucketPolicyRules,
  ...bucketStackRules,
  ...replicationRules,
  ...appPrincipalRules,
  ...cdnRules,
  ...secretRules,
  ...kubernetesRules,
  ...networkRules,
  ...networkStackRules,
  ...clusterRules,
  ...iamRules,
  ...trustRules,
  ...protectionRules,
  ...placementRules,
  ...alertingRules,
  ...alertPathRules,
  ...backupRules,
  ...dumpRules,
  ...budgetRules,
  ...logRules,
  ...substanceRules,
];
