import { mustBeText } from "../../checks/content";
import { type Judgements, mustBeAtLeast, shown, unverified, violated } from "../../checks/property";
import { type Path, type Reading, read, readList, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { FROM_ENTERPRISE, type ResourceRule, type Rule, type StackRule } from "../../rule";
import { targetsOf } from "../stack/targets";

const GROUP = "aws:cloudwatch/logGroup:LogGroup";

const logRetention: ResourceRule = {
  scope: "resource",
  name: "log-retention",
  description: "Logs are kept long enough, not for ever, and encrypted with a key of the stack.",
  why: "Most break-ins are found after months; and logs hold names and addresses, which must end some day.",
  remedy: "Set `retentionInDays` to the days of the profile or more, and `kmsKeyId`.",
  ids: ["CloudWatch.16", "CKV_AWS_338", "CKV_AWS_158", "CKV_AWS_66"],
  levels: FROM_ENTERPRISE,
  limits: ["logRetentionDays"],
  types: [GROUP],
  // 0 keeps for ever, and is below every limit.
  check: ({ props }, { logRetentionDays }) => [
    ...mustBeAtLeast(logRetentionDays, props, "retentionInDays"),
    ...mustBeText(props, "kmsKeyId"),
  ],
};

/** A log that a service writes into a group of a fixed name. */
interface Expected {
  /** The input that turns the log on. */
  readonly cause: Path;
  readonly group: Reading<string>;
}

const nameOf = (reading: Reading<string>, format: (name: string) => string): Reading<string> =>
  reading.state === "known" ? { ...reading, value: format(reading.value) } : reading;

/** The logs of a database: each of its exports has a group. */
function exportsOf({ props }: StackResource): readonly Expected[] {
  const list = readList(props, "enabledCloudwatchLogsExports");
  if (list.state !== "known") return [];
  const identifier = readText(props, "identifier");
  return list.value.map((_, index) => {
    const log = readText(list.value, index);
    const group = log.state === "known" ? nameOf(identifier, (name) => `/aws/rds/instance/${name}/${log.value}`) : log;
    return { cause: ["enabledCloudwatchLogsExports", index], group };
  });
}

/** The control plane of a cluster writes all its logs into one group. */
function clusterLogs({ props }: StackResource): readonly Expected[] {
  const list = readList(props, "enabledClusterLogTypes");
  if (list.state !== "known" || list.value.length === 0) return [];
  return [
    { cause: ["enabledClusterLogTypes"], group: nameOf(readText(props, "name"), (name) => `/aws/eks/${name}/cluster`) },
  ];
}

const proxyLogs = ({ props }: StackResource): readonly Expected[] => [
  { cause: ["name"], group: nameOf(readText(props, "name"), (name) => `/aws/rds/proxy/${name}`) },
];

const WRITERS: readonly (readonly [type: string, expected: (resource: StackResource) => readonly Expected[]])[] = [
  ["aws:rds/instance:Instance", exportsOf],
  ["aws:eks/cluster:Cluster", clusterLogs],
  ["aws:rds/proxy:Proxy", proxyLogs],
];

function judgeExpected(
  resource: StackResource,
  { cause, group }: Expected,
  groups: readonly Reading<string>[],
): Judgements {
  const where = `The log group for ${shown(cause)} of ${resource.name}`;
  if (group.state === "known" && groups.some((name) => name.state === "known" && name.value === group.value)) return [];
  if (group.state !== "known" || groups.some(({ state }) => state === "unknown"))
    return unverified(`${where} is`, resource.urn);
  return violated(`${where} is not in the stack: AWS makes it, without a key and for ever.`, resource.urn);
}

/** A flow log names its group, unless it writes elsewhere. */
function judgeFlowLog(stack: StackView, flowLog: StackResource): Judgements {
  const { name, urn, props } = flowLog;
  const kind = readText(props, "logDestinationType");
  if (kind.state === "known" && kind.value !== "cloud-watch-logs") return [];
  if (read(props, "logDestination").state === "absent")
    return violated(`${name} has no \`logDestination\`: its log group is not in the stack.`, urn);
  const { found, rest } = targetsOf(stack, flowLog, "logDestination", GROUP);
  if (found.length > 0) return [];
  return rest === "unknown"
    ? unverified(`The log group of ${name} is`, urn)
    : violated(`The log group of ${name} is not in the stack.`, urn);
}

const logGroupPrecreated: StackRule = {
  scope: "stack",
  name: "log-group-precreated",
  description: "Every log of a database, proxy, cluster or network goes into a log group of the stack.",
  why: "A group that AWS makes by itself has no key, keeps for ever, and stays behind when the stack is gone.",
  remedy: "Make the group first, with the fixed name that the service writes to (`encryptedLogGroup`).",
  ids: ["CloudWatch.16", "RDS.9", "EKS.8"],
  levels: FROM_ENTERPRISE,
  check: (stack) => {
    const groups = stack.ofType(GROUP).map(({ props }) => readText(props, "name"));
    return [
      ...WRITERS.flatMap(([type, expected]) =>
        stack
          .ofType(type)
          .flatMap((resource) => expected(resource).flatMap((one) => judgeExpected(resource, one, groups))),
      ),
      ...stack.ofType("aws:ec2/flowLog:FlowLog").flatMap((flowLog) => judgeFlowLog(stack, flowLog)),
    ];
  },
};

/** What is asked of logs. */
export const logRules: readonly Rule[] = [logRetention, logGroupPrecreated];
