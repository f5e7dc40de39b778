import { Secret, UNKNOWN } from "../../../policy/reading/value";
import { type Cases, having, propertyCases } from "./cases";
import { one } from "./oneCase";
import { exemptReplicas, primary } from "./rdsFixtures";

const flag = (property: string) =>
  propertyCases(primary, [property], {
    absent: "violated",
    false: "violated",
    true: "passes",
    unknown: "unverified",
    secret: "passes",
    values: { "a text": ["true", "violated"], "a secret false": [new Secret(false), "violated"] },
  });

const noFlag = (property: string) =>
  propertyCases(primary, [property], {
    absent: "passes",
    false: "passes",
    true: "violated",
    unknown: "unverified",
    secret: "passes",
  });

export const CASES: Cases = {
  "rds-storage-encrypted": [...flag("storageEncrypted"), ...exemptReplicas("violated")],
  "rds-cmk": [
    ...propertyCases(primary, ["kmsKeyId"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: {
        empty: ["", "violated"],
        "AWS's own key by its alias": ["alias/aws/rds", "violated"],
        "AWS's own key by its ARN": ["arn:aws:kms:us-east-1:123456789012:alias/aws/rds", "violated"],
        "an alias of its own": ["alias/aws/rds-of-ours", "passes"],
        "another alias of its own": ["alias/my-alias/aws/rds", "passes"],
      },
    }),
    ...exemptReplicas("violated"),
    one("fail", "says which property", [having(primary, ["kmsKeyId"], "alias/aws/rds")], ["violated"], {
      says: ["`kmsKeyId` is AWS's own key"],
    }),
  ],
  "rds-not-public": noFlag("publiclyAccessible"),
  "rds-private-placement": [
    ...propertyCases(primary, ["dbSubnetGroupName"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: {
        empty: ["", "violated"],
        "the default group": ["default", "violated"],
        "the default group in other letters": ["Default", "violated"],
        "a group that begins so": ["default-data", "passes"],
        "a group that ends so": ["my-default", "passes"],
      },
    }),
    ...propertyCases(primary, ["vpcSecurityGroupIds"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: {
        "an empty list": [[], "violated"],
        "a group that is not known yet": [[UNKNOWN], "passes"],
        "a text": ["sg-1", "violated"],
      },
    }),
    ...exemptReplicas("violated"),
    one(
      "fail",
      "neither",
      [having(having(primary, ["dbSubnetGroupName"], null), ["vpcSecurityGroupIds"], null)],
      ["violated", "violated"],
    ),
  ],
  "rds-multi-az": [...flag("multiAz"), ...exemptReplicas("violated")],
  "rds-backup-retention": [
    ...propertyCases(primary, ["backupRetentionPeriod"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: {
        none: [0, "violated"],
        "a day less than prod wants": [13, "violated"],
        "all that RDS has": [35, "passes"],
        "a text": ["14", "violated"],
      },
    }),
    one("pass", "one day on dev", [having(primary, ["backupRetentionPeriod"], 1)], [], { profile: "dev" }),
    one("fail", "S0-31: none on dev", [having(primary, ["backupRetentionPeriod"], 0)], ["violated"], {
      profile: "dev",
    }),
    ...exemptReplicas("violated"),
  ],
  "rds-deletion-protection": flag("deletionProtection"),
  "rds-final-snapshot": [
    ...noFlag("skipFinalSnapshot"),
    ...propertyCases(primary, ["finalSnapshotIdentifier"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: { empty: ["", "violated"] },
    }),
    ...propertyCases(primary, ["deleteAutomatedBackups"], {
      absent: "violated",
      false: "passes",
      true: "violated",
      unknown: "unverified",
      secret: "passes",
    }),
    ...exemptReplicas("violated", "violated", "violated"),
  ],
  "rds-copy-tags": flag("copyTagsToSnapshot"),
};
