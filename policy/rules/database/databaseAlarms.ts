import { type Answer, all, any, holds, holdsIfSet, judged } from "../../checks/answer";
import type { Judgements } from "../../checks/property";
import { type Reading, read, readCount, readFlag, readText, readTexts } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { FROM_ENTERPRISE, type Rule, type StackRule } from "../../rule";
import { anyAlarm, askAlarms, type Signal, watches } from "../operations/metricAlarms";
import { INSTANCE, isReplica, names } from "./rdsInstances";

const onInstance = (metric: string, fires: Signal["fires"]): Signal => ({ namespace: "AWS/RDS", metric, fires });

const EVERY_INSTANCE = [
  onInstance("CPUUtilization", "above"),
  onInstance("FreeStorageSpace", "below"),
  onInstance("DatabaseConnections", "above"),
];
const EVERY_REPLICA = [...EVERY_INSTANCE, onInstance("ReplicaLag", "above")];

/** One judgement for all that a resource lacks. */
function judgeAll(resource: StackResource, what: string, answers: ReadonlyMap<string, Answer>): Judgements {
  const { urn, name } = resource;
  const lacking = [...answers].filter(([, answer]) => answer === "no").map(([wanted]) => wanted);
  return judged(
    all([...answers.values()]),
    urn,
    `${name} has no ${what} ${lacking.join(", ")}.`,
    `Whether ${name} has every ${what.replace(/ \w+$/, "")} is`,
  );
}

const rdsAlarmSet: StackRule = {
  scope: "stack",
  name: "rds-alarm-set",
  description: "CPU, free storage and connections of every database raise an alarm, and the lag of every replica.",
  why: "Each of the four stops the application when it runs out, and each can be seen coming.",
  remedy: "Make an alarm for each metric that the message names, with `DBInstanceIdentifier` as its dimension.",
  ids: ["S3-33", "S3-37", "S3-38", "C-34"],
  levels: FROM_ENTERPRISE,
  check: (stack) =>
    stack.ofType(INSTANCE).flatMap((instance) => {
      const signals = isReplica(instance) ? EVERY_REPLICA : EVERY_INSTANCE;
      const answers = signals.map((signal) => [signal.metric, watchesInstance(stack, instance, signal)] as const);
      return judgeAll(instance, "alarm on", new Map(answers));
    }),
};

/** Whether an alarm watches a metric of an instance. */
export const watchesInstance = (stack: StackView, instance: StackResource, signal: Signal): Answer =>
  anyAlarm(stack, (alarm) =>
    watches(alarm, signal, ({ input, dimensions }) =>
      names(alarm, input, instance, [...dimensions, "DBInstanceIdentifier"]),
    ),
  );

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

const onNode = (metric: string): Signal => ({ namespace: "AWS/ElastiCache", metric, fires: "above" });

const EVERY_NODE: Readonly<Record<string, readonly Signal[]>> = {
  "CPU (EngineCPUUtilization or CPUUtilization)": [onNode("EngineCPUUtilization"), onNode("CPUUtilization")],
  "memory (DatabaseMemoryUsagePercentage)": [onNode("DatabaseMemoryUsagePercentage")],
  Evictions: [onNode("Evictions")],
};

const cacheAlarmSet: StackRule = {
  scope: "stack",
  name: "cache-alarm-set",
  description: "CPU, memory and evictions of every node of the cache raise an alarm.",
  why: "Redis runs commands in one thread, and forgets keys when its memory is full: sessions among them.",
  remedy:
    "Make an alarm for each metric that the message names and for each node, with `CacheClusterId` as its dimension.",
  ids: ["S3-41", "C-29"],
  levels: FROM_ENTERPRISE,
  check: (stack) =>
    stack.ofType(GROUP).flatMap((group) => {
      const answers = Object.entries(EVERY_NODE).map(
        ([wanted, signals]) => [wanted, watchesNodes(stack, group, signals)] as const,
      );
      return judgeAll(group, "alarm for every node on", new Map(answers));
    }),
};

/** Nodes of a group: all of them, or as many in each shard. */
function nodesOf({ props }: StackResource): Reading<number> {
  const all = readCount(props, "numCacheClusters");
  if (all.state !== "absent") return all;
  const shards = readCount(props, "numNodeGroups");
  const replicas = readCount(props, "replicasPerNodeGroup");
  if (shards.state === "known" && replicas.state === "known")
    return { ...shards, value: shards.value * (replicas.value + 1) };
  return { state: "unknown", secret: false };
}

/** Whether as many nodes of a group are watched as it has. */
function watchesNodes(stack: StackView, group: StackResource, signals: readonly Signal[]): Answer {
  const answers = askAlarms(stack, (alarm) =>
    any(signals.map((signal) => watches(alarm, signal, () => isNodeOf(alarm, group)))),
  );
  const watched = (wanted: readonly Answer[]): number =>
    new Set([...answers].filter(([, answer]) => wanted.includes(answer)).map(([alarm]) => nodeName(alarm))).size;
  const nodes = nodesOf(group);
  const possible = watched(["yes", "unknown"]);
  if (nodes.state !== "known") return possible === 0 ? "no" : "unknown";
  return watched(["yes"]) >= nodes.value ? "yes" : possible >= nodes.value ? "unknown" : "no";
}

const nodeOf = ({ props }: StackResource): Reading<string> => readText(props, "dimensions", "CacheClusterId");

/** What tells the node of an alarm from others; of one that is not known yet, the alarm itself. */
function nodeName(alarm: StackResource): string {
  const node = nodeOf(alarm);
  return node.state === "known" ? node.value : alarm.urn;
}

/** ElastiCache calls the nodes of a group by its id and numbers. */
function isNodeOf(alarm: StackResource, group: StackResource): Answer {
  if (alarm.propertyDependencies.dimensions?.includes(group.urn)) return "yes";
  const id = readText(group.props, "replicationGroupId");
  const node = nodeOf(alarm);
  if (id.state === "unknown") return all([holds(node, () => true), "unknown"]);
  return holds(node, (name) => id.state === "known" && name.startsWith(`${id.value}-`));
}

const SUBSCRIPTION = "aws:rds/eventSubscription:EventSubscription";
const CATEGORIES = ["failure", "maintenance", "configuration change"];

const rdsEvents: StackRule = {
  scope: "stack",
  name: "rds-events",
  description: "Somebody is told when a database fails, is maintained, or has its configuration changed.",
  why: "RDS says by events what no metric shows: why it restarted, what it will do on Sunday, who turned a setting off.",
  remedy:
    "Subscribe a topic to the categories that the message names, for `db-instance` and with this instance's identifier.",
  ids: ["RDS.20", "S0-35"],
  levels: FROM_ENTERPRISE,
  check: (stack) =>
    stack.ofType(INSTANCE).flatMap((instance) => {
      const answers = CATEGORIES.map((category) => [category, tells(stack, instance, category)] as const);
      return judgeAll(instance, "event subscription for", new Map(answers));
    }),
};

/** Whether a subscription tells of a category of events of an instance. What it leaves out is not narrowed. */
const tells = (stack: StackView, instance: StackResource, category: string): Answer =>
  any(
    stack.ofType(SUBSCRIPTION).map((subscription) => {
      const { props } = subscription;
      const isLeftOut = (input: string) => ["absent", "mistyped"].includes(read(props, input, 0).state);
      const { texts, complete } = readTexts(props, "eventCategories");
      return all([
        holdsIfSet(readFlag(props, "enabled"), (on) => on),
        holdsIfSet(readText(props, "sourceType"), (type) => type === "db-instance"),
        isLeftOut("sourceIds") ? "yes" : names(subscription, "sourceIds", instance),
        isLeftOut("eventCategories") || texts.includes(category) ? "yes" : complete ? "no" : "unknown",
      ]);
    }),
  );

/** What is asked of the watching of database and cache. */
export const databaseAlarmRules: readonly Rule[] = [rdsAlarmSet, cacheAlarmSet, rdsEvents];
