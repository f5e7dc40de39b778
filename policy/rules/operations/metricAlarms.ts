import { type Answer, all, any, holds, holdsIfSet } from "../../checks/answer";
import { type Path, readFlag, readList, readNumber, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";

/** Metric alarms of CloudWatch, as the rules about what is watched look at them. */
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** What an alarm must watch, and on which side of its threshold it fires. */
export interface Signal {
  readonly namespace: string;
  readonly metric: string;
  readonly fires: "above" | "below";
  /** What its threshold must be. Default: any. */
  readonly threshold?: (value: number) => boolean;
}

/** Where in an alarm a metric stands, and the input that this is a part of. */
export interface MetricPlace {
  readonly input: string;
  /** Path of the structure with the metric's names. */
  readonly at: Path;
  /** Path of its dimensions. */
  readonly dimensions: Path;
}

const PLAIN: MetricPlace = { input: "dimensions", at: [], dimensions: ["dimensions"] };

/** What each alarm that is turned on answers to a question of the caller's. */
export const askAlarms = (
  stack: StackView,
  fits: (alarm: StackResource) => Answer,
): ReadonlyMap<StackResource, Answer> =>
  new Map(stack.ofType(ALARM).map((alarm) => [alarm, all([isActive(alarm), fits(alarm)])]));

/** Whether there is an alarm with a condition of the caller's. */
export const anyAlarm = (stack: StackView, fits: (alarm: StackResource) => Answer): Answer =>
  any([...askAlarms(stack, fits).values()]);

const isActive = ({ props }: StackResource): Answer => holdsIfSet(readFlag(props, "actionsEnabled"), (on) => on);

/** Whether an alarm watches a metric as it is; `of` says whether its dimensions are the wanted ones. */
export const watches = (alarm: StackResource, signal: Signal, of: (place: MetricPlace) => Answer): Answer =>
  all([isMetric(alarm, PLAIN, signal), of(PLAIN), firesOn(alarm, signal)]);

export const isMetric = ({ props }: StackResource, { at }: MetricPlace, { namespace, metric }: Signal): Answer =>
  all([
    holds(readText(props, ...at, "namespace"), (text) => text === namespace),
    holds(readText(props, ...at, "metricName"), (text) => text === metric),
  ]);

const OPERATOR = { above: "GreaterThan", below: "LessThan" } as const;

export const firesOn = ({ props }: StackResource, { fires, threshold = () => true }: Signal): Answer =>
  all([
    holds(readText(props, "comparisonOperator"), (operator) => operator.startsWith(OPERATOR[fires])),
    holds(readNumber(props, "threshold"), threshold),
  ]);

/**
 * Whether an alarm watches what metric math makes of a metric: one of its queries is the metric, another one an expression with
 * a condition of the caller's.
 */
export function calculates(
  alarm: StackResource,
  signal: Signal,
  of: (place: MetricPlace) => Answer,
  expression: RegExp,
): Answer {
  const queries = readList(alarm.props, "metricQueries");
  if (queries.state === "unknown") return "unknown";
  const places = (queries.state === "known" ? queries.value : []).map((_, index): MetricPlace => {
    const at = ["metricQueries", index, "metric"];
    return { input: "metricQueries", at, dimensions: [...at, "dimensions"] };
  });
  return all([
    any(places.map((place) => all([isMetric(alarm, place, signal), of(place)]))),
    any(
      places.map(({ at }) =>
        holds(readText(alarm.props, ...at.slice(0, -1), "expression"), (text) => expression.test(text)),
      ),
    ),
    firesOn(alarm, signal),
  ]);
}
