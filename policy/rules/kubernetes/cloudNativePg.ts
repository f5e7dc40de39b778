import { type Answer, all, any, holds, judged } from "../../checks/answer";
import { type Judgements, mustBeAtLeast, mustBeSet, mustNotBeTrue } from "../../checks/property";
import { type Reading, readFlag, readList, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import type { Value } from "../../reading/value";
import { ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule, type StackRule } from "../../rule";
import { sameNamespace } from "./joins";

const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const SCHEDULE = "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup";
const STORE = "kubernetes:barmancloud.cnpg.io/v1:ObjectStore";

/** One may be lost and another one maintained, and there still is one that follows the primary. */
const INSTANCES = 3;

const cnpgSafe: ResourceRule = {
  scope: "resource",
  name: "cnpg-safe",
  description:
    "PostgreSQL in the cluster has three instances, a bound of memory, WAL of its own and no superuser to log in as.",
  why: "With fewer instances one lost machine stops writes; WAL that fills the data's volume stops everything; whoever has the superuser's password is bound by no policy for rows.",
  remedy:
    "Set `spec.instances` to 3 or more, `spec.resources` with requests and limits of memory, `spec.walStorage`, and leave `spec.enableSuperuserAccess` out.",
  ids: ["C-08", "C-34"],
  levels: FROM_ENTERPRISE,
  types: [CLUSTER],
  check: ({ props }) => [
    ...mustBeAtLeast(INSTANCES, props, "spec", "instances"),
    ...mustNotBeTrue(props, "spec", "enableSuperuserAccess"),
    ...mustBeSet(props, "spec", "resources", "requests", "memory"),
    ...mustBeSet(props, "spec", "resources", "limits", "memory"),
    ...mustBeSet(props, "spec", "walStorage", "size"),
  ],
};

/** Whether a text is the name of a resource, which may be unknown while both are planned. */
function names(name: Reading<string>, { props }: StackResource): Answer {
  if (name.state === "unknown") return "unknown";
  return name.state === "known" ? holds(readText(props, "metadata", "name"), (own) => own === name.value) : "no";
}

/** Whether a plugin of a cluster archives WAL into an object store of the stack that gives up old backups at some time. */
function archivesTo(stack: StackView, cluster: StackResource, plugin: Value): Answer {
  const archiver = holds(readFlag(plugin, "isWALArchiver"), (flag) => flag);
  const store = readText(plugin, "parameters", "barmanObjectName");
  return any(
    stack
      .ofType(STORE)
      .map((one) =>
        all([
          archiver,
          sameNamespace(stack, cluster, one),
          names(store, one),
          holds(readText(one.props, "spec", "retentionPolicy"), (days) => days !== ""),
        ]),
      ),
  );
}

function archives(stack: StackView, cluster: StackResource): Answer {
  const plugins = readList(cluster.props, "spec", "plugins");
  if (plugins.state === "unknown") return "unknown";
  return plugins.state === "known" ? any(plugins.value.map((plugin) => archivesTo(stack, cluster, plugin))) : "no";
}

const isScheduled = (stack: StackView, cluster: StackResource): Answer =>
  any(
    stack
      .ofType(SCHEDULE)
      .map((schedule) =>
        all([
          sameNamespace(stack, cluster, schedule),
          names(readText(schedule.props, "spec", "cluster", "name"), cluster),
          holds(readText(schedule.props, "spec", "schedule"), (cron) => cron !== ""),
        ]),
      ),
  );

function backedUp(stack: StackView, cluster: StackResource): Judgements {
  const { urn, name } = cluster;
  return [
    ...judged(
      archives(stack, cluster),
      urn,
      `${name} archives its WAL into no object store that has a \`retentionPolicy\`.`,
      `Whether ${name} archives its WAL is`,
    ),
    ...judged(
      isScheduled(stack, cluster),
      urn,
      `No ScheduledBackup is about ${name}.`,
      `Whether a ScheduledBackup is about ${name} is`,
    ),
  ];
}

const cnpgBackedUp: StackRule = {
  scope: "stack",
  name: "cnpg-backed-up",
  description: "PostgreSQL in the cluster archives its WAL into an object store, and is backed up there on a schedule.",
  why: "Instances copy each other's mistakes: without base backups and WAL there is no way back to a moment before one.",
  remedy:
    "Give the Cluster a plugin with `isWALArchiver: true` whose `barmanObjectName` is an ObjectStore with `retentionPolicy`, and add a ScheduledBackup for it.",
  ids: ["S0-31", "S0-33", "C-39"],
  levels: ALWAYS,
  check: (stack) => stack.ofType(CLUSTER).flatMap((cluster) => backedUp(stack, cluster)),
};

/** What is asked of PostgreSQL that runs in the cluster. */
export const cloudNativePgRules: readonly Rule[] = [cnpgSafe, cnpgBackedUp];
