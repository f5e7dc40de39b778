import { type Answer, any, holds, judged } from "../../checks/answer";
import { type Judgements, shown, unverified, violated } from "../../checks/property";
import { readList, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import type { Value } from "../../reading/value";
import { ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule, type StackRule } from "../../rule";
import { targetsOf } from "../stack/targets";
import { INSTANCE, isReplica } from "./rdsInstances";

const GROUP = "aws:rds/parameterGroup:ParameterGroup";

/** A group of another engine has other parameters. */
const isPostgres = (group: { readonly props: Value }): boolean => {
  const family = readText(group.props, "family");
  return family.state !== "known" || family.value.startsWith("postgres");
};

/** Whether the group sets a parameter to a value that meets a condition; RDS has every value as a text. */
export function setsParameter({ props }: { readonly props: Value }, name: string, fits: (value: number) => boolean) {
  const list = readList(props, "parameters");
  if (list.state === "unknown") return "unknown";
  const entries: readonly Value[] = list.state === "known" ? list.value : [];
  return any(
    entries.map((entry): Answer => {
      const named = holds(readText(entry, "name"), (text) => text === name);
      const fitting = holds(readText(entry, "value"), (text) => text !== "" && fits(Number(text)));
      return named === "no" || fitting === "no" ? "no" : named === "yes" ? fitting : "unknown";
    }),
  );
}

const encrypts = (group: { readonly props: Value }): Answer => setsParameter(group, "rds.force_ssl", (on) => on === 1);

const judgeParameter = (answer: Answer, wanted: string): Judgements =>
  answer === "yes"
    ? []
    : answer === "unknown"
      ? unverified(shown(["parameters"]))
      : violated(`${shown(["parameters"])} must set ${wanted}.`);

const forceSsl: ResourceRule = {
  scope: "resource",
  name: "pg-force-ssl",
  description: "PostgreSQL refuses connections that are not encrypted.",
  why: "A client that does not ask for TLS sends its statements, and their results, for everybody on the way to read.",
  remedy: "Set `rds.force_ssl` to `1` in the parameter group.",
  ids: ["RDS.38", "CKV2_AWS_69"],
  levels: ALWAYS,
  types: [GROUP],
  check: (group) => (isPostgres(group) ? judgeParameter(encrypts(group), "rds.force_ssl to 1") : []),
};

/** S3-39: what takes longer than a second is slow. */
const SLOW_MS = 1000;

const queryLogging: ResourceRule = {
  scope: "resource",
  name: "pg-query-logging",
  description: "PostgreSQL logs every statement that takes longer than a second.",
  why: "The alert on slow statements counts lines of the log; by default PostgreSQL writes none.",
  remedy: "Set `log_min_duration_statement` to a number of milliseconds from 0 to 1000 in the parameter group.",
  ids: ["CKV2_AWS_30", "S3-34", "S3-39", "C-35"],
  levels: FROM_ENTERPRISE,
  types: [GROUP],
  check: (group) => {
    if (!isPostgres(group)) return [];
    const logs = setsParameter(group, "log_min_duration_statement", (ms) => ms >= 0 && ms <= SLOW_MS);
    return judgeParameter(logs, `log_min_duration_statement from 0 to ${SLOW_MS}`);
  },
};

const usesTlsParameterGroup: StackRule = {
  scope: "stack",
  name: "rds-uses-tls-parameter-group",
  description: "Every database uses a parameter group of the stack that forces encrypted connections.",
  why: "A group that demands TLS protects nothing while the database uses another one.",
  remedy: "Set `parameterGroupName` to the name of a parameter group with `rds.force_ssl` set to `1`.",
  ids: ["RDS.38", "CKV2_AWS_69"],
  levels: ALWAYS,
  check: (stack) => stack.ofType(INSTANCE).flatMap((instance) => judgeGroupOf(stack, instance)),
};

function judgeGroupOf(stack: StackView, instance: StackResource): Judgements {
  const { urn, name } = instance;
  const group = readText(instance.props, "parameterGroupName");
  // Without one, a replica has the group of its source.
  if (group.state === "absent" && isReplica(instance)) return [];
  const { found, rest } = targetsOf(stack, instance, "parameterGroupName", GROUP);
  if (found.length > 0)
    return judged(
      any(found.map(encrypts)),
      urn,
      `${name} uses a parameter group that does not set rds.force_ssl to 1.`,
      `Whether the parameter group of ${name} sets rds.force_ssl is`,
    );
  const ownGroup = rest !== "none" && !(group.state === "known" && group.value.startsWith("default."));
  return judged(
    ownGroup ? "unknown" : "no",
    urn,
    `${name} uses no parameter group of its own.`,
    `The parameter group of ${name} is not made by this stack; what it sets is`,
  );
}

const MIB_IN_KB = 1024;
/** RDS counts buffers in PostgreSQL's pages of 8 kB, and work memory in kB (C-33). */
const pages = (mebibytes: number): number => (mebibytes * MIB_IN_KB) / 8;

/** S3-10 to S3-18. */
const DOCUMENTED: Readonly<Record<string, number>> = {
  max_connections: 200,
  shared_buffers: pages(256),
  effective_cache_size: pages(1024),
  work_mem: 4 * MIB_IN_KB,
  maintenance_work_mem: 64 * MIB_IN_KB,
  checkpoint_completion_target: 0.9,
  wal_buffers: pages(16),
  random_page_cost: 1.1,
  effective_io_concurrency: 200,
};

const documentedParameters: StackRule = {
  scope: "stack",
  name: "pg-documented-parameters",
  description: "The server has the nine documented parameters, unless its settings ask for them scaled to the machine.",
  why: "Alerts and pools are calculated with these values: 80 % of 200 connections, for one.",
  remedy: "Do not override the parameter group's nine values, or set `database.tuning: scaled`.",
  ids: [...["S3-10", "S3-11", "S3-12", "S3-13", "S3-14", "S3-15", "S3-16", "S3-17", "S3-18"], ...["C-33"]],
  levels: FROM_ENTERPRISE,
  check: (stack) =>
    stack
      .ofType(GROUP)
      .filter(isPostgres)
      .flatMap((group) => judgeDocumented(stack, group)),
};

function judgeDocumented(stack: StackView, group: StackResource): Judgements {
  const { urn, name, parent } = group;
  const tuning = readText(stack.withUrn(parent ?? "")?.props ?? null, "tuning");
  if (tuning.state === "known" && tuning.value === "scaled") return [];
  const answers = Object.entries(DOCUMENTED).map(([parameter, wanted]) => ({
    parameter,
    wanted,
    answer: setsParameter(group, parameter, (value) => value === wanted),
  }));
  const wrong = answers
    .filter(({ answer }) => answer === "no")
    .map(({ parameter, wanted }) => `${parameter} ${wanted}`);
  // Values of which nobody can say yet that they ought to be the documented ones.
  const open = tuning.state === "unknown" || answers.some(({ answer }) => answer === "unknown");
  return judged(
    wrong.length > 0 && tuning.state !== "unknown" ? "no" : open ? "unknown" : "yes",
    urn,
    `${name} lacks the documented ${wrong.join(", ")}.`,
    `The tuning or the parameters of ${name} are`,
  );
}

/** What is asked of the parameters of PostgreSQL, and of the databases that use them. */
export const postgresParameterRules: readonly Rule[] = [
  forceSsl,
  queryLogging,
  usesTlsParameterGroup,
  documentedParameters,
];
