import type { StackResource } from "../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, propertyCases, resource } from "./cases";
import { caseOf } from "./oneCase";

const group = (name: Value) => resource("aws:cloudwatch/logGroup:LogGroup", { name }, `group ${String(name)}`);
const sound = resource("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 365, kmsKeyId: "arn" });

const database = (more: Readonly<Record<string, Value>> = {}) =>
  resource(
    "aws:rds/instance:Instance",
    { identifier: "main", enabledCloudwatchLogsExports: ["postgresql", "upgrade"], ...more },
    "database",
  );
const POSTGRESQL = group("/aws/rds/instance/main/postgresql");
const UPGRADE = group("/aws/rds/instance/main/upgrade");
const cluster = (more: Readonly<Record<string, Value>> = {}) =>
  resource("aws:eks/cluster:Cluster", { name: "c", enabledClusterLogTypes: ["audit"], ...more }, "cluster");
const proxy = (name: Value) => resource("aws:rds/proxy:Proxy", { name }, "proxy");
const flowLog = (
  logDestination: Value | undefined,
  more: Readonly<Record<string, Value>> = {},
  refers: Readonly<Record<string, StackResource>> = {},
) =>
  resource(
    "aws:ec2/flowLog:FlowLog",
    { ...(logDestination === undefined ? {} : { logDestination }), ...more },
    "flow-log",
    { refers },
  );

const PRECREATED: readonly Case[] = [
  caseOf("pass", "both logs of a database", [database(), POSTGRESQL, UPGRADE]),
  caseOf("pass", "a database that exports nothing", database({ enabledCloudwatchLogsExports: [] })),
  caseOf("pass", "a cluster", [cluster(), group("/aws/eks/c/cluster")]),
  caseOf("pass", "a cluster without logs", cluster({ enabledClusterLogTypes: [] })),
  caseOf("pass", "a proxy", [proxy("p"), group("/aws/rds/proxy/p")]),
  caseOf("pass", "a flow log, all unknown", [flowLog(UNKNOWN, {}, { logDestination: POSTGRESQL }), POSTGRESQL]),
  caseOf("pass", "a flow log by plain text", [flowLog("arn:group"), having(POSTGRESQL, ["arn"], "arn:group")]),
  caseOf("pass", "a flow log into a bucket", flowLog("arn:bucket", { logDestinationType: "s3" })),
  {
    ...caseOf("fail", "one log of two", [database(), POSTGRESQL], "violated"),
    says: ["`enabledCloudwatchLogsExports[1]` of database is not in the stack"],
    hides: ["upgrade"],
  },
  caseOf(
    "fail",
    "the groups of another database",
    [database({ identifier: "other" }), POSTGRESQL, UPGRADE],
    "violated",
    "violated",
  ),
  caseOf("fail", "a cluster without a group", [cluster(), group("/aws/eks/d/cluster")], "violated"),
  caseOf("fail", "a proxy without a group", proxy("p"), "violated"),
  {
    ...caseOf(
      "fail",
      "a flow log into a group from elsewhere",
      flowLog("arn:other", { logDestinationType: "cloud-watch-logs" }),
      "violated",
    ),
    says: ["is not in the stack."],
  },
  {
    ...caseOf("absent", "a flow log without a destination", flowLog(undefined), "violated"),
    says: ["has no `logDestination`"],
  },
  caseOf("absent", "no exports named", database({ enabledCloudwatchLogsExports: null })),
  caseOf(
    "absent",
    "a database without a name",
    [database({ identifier: null }), POSTGRESQL],
    "unverified",
    "unverified",
  ),
  caseOf("wrong type", "a destination that is a number", flowLog(7), "violated"),
  caseOf("wrong type", "an export that is a number", database({ enabledCloudwatchLogsExports: [7] }), "unverified"),
  caseOf(
    "unknown",
    "the name of the database",
    [database({ identifier: UNKNOWN }), POSTGRESQL, UPGRADE],
    "unverified",
    "unverified",
  ),
  caseOf("unknown", "an export", [database({ enabledCloudwatchLogsExports: [UNKNOWN] }), POSTGRESQL], "unverified"),
  caseOf("unknown", "the name of a group", [cluster(), group(UNKNOWN)], "unverified"),
  caseOf("unknown", "the name of another group", [cluster(), group(UNKNOWN), group("/aws/eks/c/cluster")]),
  caseOf("unknown", "a destination without a source", flowLog(UNKNOWN), "unverified"),
  caseOf("unknown", "where a flow log writes to", flowLog("arn:other", { logDestinationType: UNKNOWN }), "violated"),
  caseOf("secret", "a secret name", [proxy(new Secret("p")), group("/aws/rds/proxy/p")]),
];

export const CASES: Cases = {
  "log-retention": [
    ...propertyCases(sound, ["retentionInDays"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: {
        "a day less": [364, "violated"],
        "for ever": [0, "violated"],
        longer: [400, "passes"],
        text: ["365", "violated"],
      },
    }),
    ...propertyCases(sound, ["kmsKeyId"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: { "an empty text": ["", "violated"] },
    }),
    { ...caseOf("pass", "a month on dev", having(sound, ["retentionInDays"], 30)), profile: "dev" },
    { ...caseOf("fail", "a day less on dev", having(sound, ["retentionInDays"], 29), "violated"), profile: "dev" },
  ],
  "log-group-precreated": PRECREATED,
};
