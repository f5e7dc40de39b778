import type { Rule } from "../rule";
import { poolFitsConnections } from "./database/connections";
import { databaseAlarmRules } from "./database/databaseAlarms";
import { databaseRoleRules } from "./database/databaseRoles";
import { postgresParameterRules } from "./database/postgresParameters";
import { rdsRules } from "./database/rds";
import { rdsBackupRules } from "./database/rdsBackups";
import { rdsOperationRules } from "./database/rdsOperations";
import { rdsPlacementRules } from "./database/rdsPlacement";
import { iamRules } from "./identity/iam";
import { keyRules } from "./identity/keys";
import { secretRules } from "./identity/secrets";
import { trustRules } from "./identity/trust";
import { kubernetesRules } from "./kubernetes";
import { clusterRules } from "./kubernetes/cluster";
import { networkRules } from "./network/network";
import { networkStackRules } from "./network/networkStack";
import { alertingRules } from "./operations/alerting";
import { alertPathRules } from "./operations/alertPath";
import { backupRules } from "./operations/backup";
import { budgetRules } from "./operations/budget";
import { documentedAlerts } from "./operations/documentedAlerts";
import { dumpRules } from "./operations/dumps";
import { logRules } from "./operations/logs";
import { outputsNoCredentials } from "./stack/outputs";
import { placementRules } from "./stack/placement";
import { protectionRules } from "./stack/protection";
import { singleNodeStorageSingleReplica } from "./stack/replicas";
import { substanceRules } from "./stack/substance";
import { tierFitsUsers, tierUsersAdvisory } from "./stack/tier";
import { tierPartsMatch } from "./stack/tierParts";
import { appPrincipalRules } from "./storage/appPrincipal";
import { bucketRules } from "./storage/bucket";
import { bucketPolicyRules } from "./storage/bucketPolicy";
import { bucketStackRules } from "./storage/bucketStack";
import { cacheRules } from "./storage/cache";
import { cdnRules } from "./storage/cdn";
import { replicationRules } from "./storage/replication";

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
  ...databaseRoleRules,
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
