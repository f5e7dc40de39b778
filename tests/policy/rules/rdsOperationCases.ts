import { Secret, UNKNOWN } from "../../../policy/reading/value";
import { type Cases, having, propertyCases, resource } from "./cases";
import { one } from "./oneCase";
import { exemptReplicas, primary, replica } from "./rdsFixtures";

const flag = (property: string) =>
  propertyCases(primary, [property], {
    absent: "violated",
    false: "violated",
    true: "passes",
    unknown: "unverified",
    secret: "passes",
  });

const name = (property: string) =>
  propertyCases(primary, [property], {
    absent: "violated",
    unknown: "passes",
    secret: "passes",
    values: { empty: ["", "violated"] },
  });

const unpinned = having(primary, ["engineVersion"], undefined);
const proxy = resource("aws:rds/proxy:Proxy", { requireTls: true, debugLogging: false });

export const CASES: Cases = {
  "rds-upgrades": [
    ...propertyCases(primary, ["autoMinorVersionUpgrade"], {
      absent: "passes",
      false: "violated",
      true: "passes",
      unknown: "unverified",
      secret: "passes",
    }),
    ...propertyCases(unpinned, ["allowMajorVersionUpgrade"], {
      absent: "passes",
      false: "passes",
      true: "violated",
      unknown: "unverified",
      secret: "passes",
    }),
    one("pass", "major upgrades of a version that the program names", [
      having(primary, ["allowMajorVersionUpgrade"], true),
    ]),
    one("pass", "major upgrades of a replica, with its source", [having(replica, ["allowMajorVersionUpgrade"], true)]),
    one("fail", "a replica without minor ones", [having(replica, ["autoMinorVersionUpgrade"], false)], ["violated"]),
  ],
  "rds-enhanced-monitoring": [
    ...propertyCases(primary, ["monitoringInterval"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { never: [0, "violated"], "each second": [1, "passes"], "a text": ["60", "violated"] },
    }),
    ...name("monitoringRoleArn"),
  ],
  "rds-insights": [...flag("performanceInsightsEnabled"), ...name("performanceInsightsKmsKeyId")],
  "rds-log-exports": propertyCases(primary, ["enabledCloudwatchLogsExports"], {
    absent: "violated",
    unknown: "unverified",
    secret: "passes",
    values: {
      "an empty list": [[], "violated"],
      "one of the two": [["postgresql"], "violated"],
      "the other of the two": [["upgrade"], "violated"],
      "one of the two, the other not known yet": [["postgresql", UNKNOWN], "unverified"],
      "more than these": [["upgrade", "iam-db-auth-error", "postgresql"], "passes"],
    },
  }),
  "rds-iam-auth": flag("iamDatabaseAuthenticationEnabled"),
  "rds-ca-current": propertyCases(primary, ["caCertIdentifier"], {
    absent: "violated",
    unknown: "unverified",
    secret: "passes",
    values: {
      "the one that ended": ["rds-ca-2019", "violated"],
      "4096 bits": ["rds-ca-rsa4096-g1", "passes"],
      "elliptic curves": ["rds-ca-ecc384-g1", "passes"],
    },
  }),
  "rds-engine-supported": [
    ...propertyCases(primary, ["engineVersion"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: {
        "the oldest that is accepted": ["15", "passes"],
        "the one before": ["14.12", "violated"],
        "no version": ["latest", "violated"],
        "a number": [16, "violated"],
      },
    }),
    ...propertyCases(primary, ["engineLifecycleSupport"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { extended: ["open-source-rds-extended-support", "violated"] },
    }),
    ...exemptReplicas("violated", "violated"),
    one("fail", "says the oldest", [having(primary, ["engineVersion"], "14")], ["violated"], {
      says: ["`engineVersion`", "major version 15"],
    }),
    one("unknown", "says what", [having(primary, ["engineVersion"], UNKNOWN)], ["unverified"], {
      says: ["`engineVersion`"],
    }),
  ],
  "rds-storage-headroom": [
    ...propertyCases(primary, ["maxAllocatedStorage"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { "no more than there is": [500, "violated"], "one more": [501, "passes"], none: [0, "violated"] },
    }),
    ...propertyCases(primary, ["allocatedStorage"], {
      absent: "passes",
      unknown: "unverified",
      secret: "passes",
      values: { "as much as it may be": [2000, "violated"] },
    }),
    one("pass", "a replica has the storage of its source", [having(replica, ["maxAllocatedStorage"], 1)]),
    one("fail", "a replica that does not grow", [having(replica, ["maxAllocatedStorage"], 0)], ["violated"]),
    one("fail", "says what", [having(primary, ["allocatedStorage"], "500")], ["violated"], {
      says: ["`allocatedStorage` must be a number"],
    }),
    one("unknown", "says what", [having(primary, ["allocatedStorage"], UNKNOWN)], ["unverified"], {
      says: ["`allocatedStorage`"],
    }),
    one("secret", "a secret size is judged", [having(primary, ["allocatedStorage"], new Secret(3000))], ["violated"]),
  ],
  "proxy-tls": [
    ...propertyCases(proxy, ["requireTls"], {
      absent: "violated",
      false: "violated",
      true: "passes",
      unknown: "unverified",
      secret: "passes",
    }),
    ...propertyCases(proxy, ["debugLogging"], {
      absent: "passes",
      false: "passes",
      true: "violated",
      unknown: "unverified",
      secret: "passes",
    }),
  ],
};
