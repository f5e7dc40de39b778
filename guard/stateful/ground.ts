import { changed, lowered, turnedOff, turnedOn, zeroed } from "../change";
import { KEEP, type StatefulType } from "./type";

const STAND = "Databases and caches stand in it: they cannot follow, and are made anew or block the change half-way.";
const APPEND =
  "Undo the change. New zones are appended at the end of the list; zones in use keep their place and their address range.";

/** The network that databases stand in. An edit of the list of zones or of the address range ends here. */
export const NETWORK: readonly StatefulType[] = [
  { type: "aws:ec2/vpc:Vpc", what: "network", loss: STAND, instead: APPEND },
  { type: "aws:ec2/subnet:Subnet", what: "subnet", loss: STAND, instead: APPEND },
  {
    type: "aws:rds/subnetGroup:SubnetGroup",
    what: "subnet group of databases",
    loss: "Databases stand in it: they move with it, or are made anew.",
    instead: "Undo the change; subnets can be added to the group in place.",
  },
  {
    type: "aws:elasticache/subnetGroup:SubnetGroup",
    what: "subnet group of caches",
    loss: "Caches stand in it, and are made anew with it.",
    instead: "Undo the change; subnets can be added to the group in place.",
  },
  {
    type: "aws:route53/zone:Zone",
    what: "zone of internal names",
    loss: "The names of the database, its readers and the cache: nothing finds them until new ones are known.",
    instead: "Undo the change; a second zone can be made and filled first.",
  },
];

/** Keys, passwords and secrets that something running depends on. */
export const SECRETS: readonly StatefulType[] = [
  {
    type: "aws:kms/key:Key",
    what: "encryption key",
    loss: "What it encrypted (database, snapshots, backups, logs) can never be read again once the key is gone.",
    instead:
      "Undo the change; AWS rotates a key in place. If it is scheduled for deletion already: aws kms cancel-key-deletion.",
    dangers: [
      {
        property: "isEnabled",
        change: (was, will) => was !== false && will === false,
        consequence:
          "Whatever is encrypted with the key stops working; a database becomes inaccessible after some hours.",
        instead: KEEP,
      },
      {
        property: "deletionWindowInDays",
        change: lowered,
        consequence: "Less time to notice that a key was deleted by mistake.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "aws:secretsmanager/secret:Secret",
    what: "secret",
    loss: "Its value, versions and rotation; the name stays taken until the recovery window has passed.",
    instead: "Undo the change; a value is changed in place. A deleted one: aws secretsmanager restore-secret.",
    dangers: [
      {
        property: "recoveryWindowInDays",
        change: (was, will) => zeroed(was, will) || lowered(was, will),
        consequence: "A deleted secret can be brought back for a shorter time; with 0 not at all.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "aws:secretsmanager/secretVersion:SecretVersion",
    what: "value of a secret",
    loss: "The value that is in use is overwritten, with what a rotation has put there since.",
    instead: "Leave the value to the rotation (ignoreChanges on secretString).",
    level: "advise",
  },
  {
    type: "random:index/randomPassword:RandomPassword",
    what: "generated password",
    loss: "The password in use is replaced by another one, while applications still hold the old one.",
    instead: "Undo the change (length, character classes and keepers make a new password). To change it, rotate it.",
  },
];

/** Logs and the cluster that applications run in. */
export const PLATFORM: readonly StatefulType[] = [
  {
    type: "aws:cloudwatch/logGroup:LogGroup",
    what: "log group",
    loss: "All logs in it.",
    instead: "Undo the change, or export the logs first.",
    dangers: [
      {
        property: "retentionInDays",
        change: (was, will) => (typeof will === "number" && was === 0 && will > 0) || lowered(was, will),
        consequence: "Logs older than that are deleted.",
        instead: "Keep the days where logs are evidence.",
        level: "advise",
      },
    ],
  },
  {
    type: "aws:eks/cluster:Cluster",
    what: "Kubernetes cluster",
    loss: "Everything that runs in it, with what its volumes hold.",
    instead: "Undo the change, or make a second cluster and move the application to it.",
    dangers: [
      {
        property: "deletionProtection",
        change: turnedOff,
        consequence: "EKS would no longer refuse to delete the cluster.",
        instead: KEEP,
      },
      {
        property: "vpcConfig.endpointPublicAccess",
        change: turnedOn,
        consequence: "The cluster's API can be reached from the internet.",
        instead: "Name the address ranges that may (publicAccessCidrs), or stay private.",
        level: "advise",
      },
      {
        property: "name",
        change: changed,
        consequence: "A cluster cannot be renamed; the engine makes an empty one instead.",
        instead: KEEP,
      },
    ],
  },
];
