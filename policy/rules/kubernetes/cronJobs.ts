import { all, at, type Check, oneOf, optional } from "../../checks/parts";
import { mustBeAtLeast, mustBeAtMost } from "../../checks/property";
import { FROM_ENTERPRISE, type ResourceRule } from "../../rule";
import { podSpecPath } from "./pods";

const CRON_JOB = "kubernetes:batch/v1:CronJob";
const JOB = "kubernetes:batch/v1:Job";

/** Kubernetes looks for jobs that are due every ten seconds: a shorter deadline misses them. */
const SHORTEST_START_SECONDS = 10;
/** Jobs that ended and are kept, at most. */
const LONGEST_HISTORY = 10;
/** Attempts after the first, at most; as many as Kubernetes makes when told nothing. */
const MOST_RETRIES = 6;

const between =
  (least: number, most: number): Check =>
  (from, ...path) => {
    const tooFew = mustBeAtLeast(least, from, ...path);
    return tooFew.length > 0 ? tooFew : mustBeAtMost(most, from, ...path);
  };
const atLeast =
  (least: number): Check =>
  (from, ...path) =>
    mustBeAtLeast(least, from, ...path);

const job = all(at(["activeDeadlineSeconds"], atLeast(1)), at(["backoffLimit"], optional(between(0, MOST_RETRIES))));

const cronJob = all(
  at(["concurrencyPolicy"], oneOf("Forbid", "Replace")),
  at(["startingDeadlineSeconds"], atLeast(SHORTEST_START_SECONDS)),
  at(["successfulJobsHistoryLimit"], optional(between(0, LONGEST_HISTORY))),
  // Of what failed, one must stay to be looked into.
  at(["failedJobsHistoryLimit"], optional(between(1, LONGEST_HISTORY))),
  at(["jobTemplate", "spec"], job),
);

/** A Job of its own has no limit of age: gone after a while, it would be made, and run, again by the next `up`. */
export const cronJobBounded: ResourceRule = {
  scope: "resource",
  name: "cronjob-bounded",
  description: "A job never runs beside itself, ends, gives up, and leaves few finished ones behind.",
  why: "A job that hangs holds up those after it, or runs many times at once on the same data; and without a deadline, a missed start is lost or comes at any time.",
  remedy:
    "Set `concurrencyPolicy: Forbid`, `startingDeadlineSeconds`, `activeDeadlineSeconds`, and `restartPolicy: Never` or `OnFailure`.",
  ids: ["C-39", "S4-47"],
  levels: FROM_ENTERPRISE,
  types: [CRON_JOB, JOB],
  check: ({ type, props }) => [
    ...(type === CRON_JOB ? cronJob : job)(props, "spec"),
    ...oneOf("Never", "OnFailure")(props, ...podSpecPath(type), "restartPolicy"),
  ],
};
