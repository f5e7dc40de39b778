import { Secret, UNKNOWN } from "../../../policy/reading/value";
import { type Cases, propertyCases, resource } from "./cases";
import { casesWith } from "./oneCase";

const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
const cluster = resource("aws:eks/cluster:Cluster", {
  version: "1.34",
  enabledClusterLogTypes: LOGS,
  encryptionConfig: { provider: { keyArn: UNKNOWN }, resources: ["secrets"] },
  vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false },
});
const one = casesWith(cluster);
const PUBLIC = "vpcConfig.endpointPublicAccess";
const RANGES = "vpcConfig.publicAccessCidrs";
const HALF = ["203.0.113.0/24", "0.0.0.0/0"];

export const CASES: Cases = {
  "eks-endpoint": [
    ...propertyCases(cluster, ["vpcConfig", "endpointPrivateAccess"], {
      absent: "violated",
      false: "violated",
      true: "passes",
      unknown: "unverified",
      secret: "passes",
    }),
    one("pass", "ranges that are not used", { [RANGES]: HALF }),
    one("pass", "public for one range", { [PUBLIC]: true, [RANGES]: ["203.0.113.0/24"] }),
    one("pass", "public for one range by default", { [PUBLIC]: undefined, [RANGES]: ["203.0.113.0/24"] }),
    one("fail", "public for all", { [PUBLIC]: true, [RANGES]: ["0.0.0.0/0"] }, "violated"),
    one("fail", "public for two halves", { [PUBLIC]: true, [RANGES]: ["0.0.0.0/1"] }, "violated"),
    one("fail", "public, one of two ranges is the world", { [PUBLIC]: true, [RANGES]: HALF }, "violated"),
    one("fail", "public without ranges", { [PUBLIC]: true }, "violated"),
    one("fail", "public with an empty list", { [PUBLIC]: true, [RANGES]: [] }, "violated"),
    one("absent", "public by default", { [PUBLIC]: undefined }, "violated"),
    one("absent", "no settings of the network", { vpcConfig: undefined }, "violated", "violated"),
    one("wrong type", "public as a text", { [PUBLIC]: "false" }, "violated"),
    one("wrong type", "a range that is a number", { [PUBLIC]: true, [RANGES]: [7] }, "violated"),
    one("wrong type", "ranges as a text", { [PUBLIC]: true, [RANGES]: "203.0.113.0/24" }, "violated"),
    one("unknown", "whether it is public", { [PUBLIC]: UNKNOWN }, "unverified"),
    one("unknown", "whether it is public for one range", { [PUBLIC]: UNKNOWN, [RANGES]: ["203.0.113.0/24"] }),
    one("unknown", "all ranges", { [PUBLIC]: true, [RANGES]: UNKNOWN }, "unverified"),
    one("unknown", "one range", { [PUBLIC]: true, [RANGES]: ["203.0.113.0/24", UNKNOWN] }, "unverified"),
    one("unknown", "one range beside the world", { [PUBLIC]: true, [RANGES]: [UNKNOWN, "::/0"] }, "violated"),
    one("secret", "a secret world", { [PUBLIC]: true, [RANGES]: new Secret(["0.0.0.0/0"]) }, "violated"),
  ],
  "eks-secrets-kms": [
    ...propertyCases(cluster, ["encryptionConfig", "provider", "keyArn"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: { text: ["arn", "passes"], "an empty text": ["", "violated"] },
    }),
    ...propertyCases(cluster, ["encryptionConfig", "resources"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { "an empty list": [[], "violated"], "something else": [["pods"], "violated"] },
    }),
    one("absent", "no encryption", { encryptionConfig: undefined }, "violated", "violated"),
  ],
  "eks-logs": propertyCases(cluster, ["enabledClusterLogTypes"], {
    absent: "violated",
    unknown: "unverified",
    secret: "passes",
    values: {
      "all but one": [LOGS.slice(1), "violated"],
      "all but the last": [LOGS.slice(0, -1), "violated"],
      "an empty list": [[], "violated"],
      "one unknown": [[...LOGS.slice(1), UNKNOWN], "unverified"],
      "all but the second": [LOGS.filter((log) => log !== "audit"), "violated"],
      "all but the third": [LOGS.filter((log) => log !== "authenticator"), "violated"],
      "all but the fourth": [LOGS.filter((log) => log !== "controllerManager"), "violated"],
    },
  }),
  "eks-supported": [
    ...propertyCases(cluster, ["version"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: {
        "one less": ["1.33", "violated"],
        "one more": ["1.35", "passes"],
        "an old one that sorts after": ["1.4", "violated"],
        "a later major": ["2.0", "passes"],
        "an earlier major": ["0.40", "violated"],
        "no version": ["latest", "violated"],
        "with a patch": ["1.34.1", "violated"],
        "with a letter": ["v1.34", "violated"],
        "a number": [1.34, "violated"],
      },
    }),
    {
      ...one("fail", "says which is the oldest", { version: "1.30" }, "violated"),
      says: ["older than 1.34"],
      hides: ["1.30"],
    },
    { ...one("absent", "says that it must be there", { version: undefined }, "violated"), says: ["written down"] },
  ],
};
