import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlertingRule, Rule, RuleFile } from "../../components/alerting/prometheusRules";
import { HEALTHY, type Values } from "./ruleSeries";

/** One expectation: what is so at a time, given these series instead of the healthy ones. */
export interface Moment {
  /** Series that differ from those of a healthy stack; `undefined` takes one away. */
  readonly given: Readonly<Record<string, Values | undefined>>;
  /** Seconds between two samples, and between two evaluations. */
  readonly step: number;
  /** Minutes after the beginning. */
  readonly at: number;
  readonly alert: string;
  /** Labels of each alert that must fire, beside those of the rule itself. Empty: none may. */
  readonly fires: readonly Readonly<Record<string, string>>[];
}

/** What promtool says of these moments: empty when all is as expected. */
export function testRules(promtool: string, file: RuleFile, moments: readonly Moment[]): string {
  return inFolder((folder) => {
    const tests = [...worlds(moments)].map((world, index) => {
      const own = about(file, new Set(world.map(({ alert }) => alert)));
      writeFileSync(join(folder, `rules-${index}.json`), JSON.stringify(own));
      const path = join(folder, `test-${index}.json`);
      writeFileSync(path, JSON.stringify(testFile(own, `rules-${index}.json`, world)));
      return path;
    });
    return promtoolSays(promtool, ["test", "rules", ...tests]);
  });
}

/** What promtool says of a rule file that it does not take; empty for a good one. */
export const checkRules = (promtool: string, file: RuleFile): string =>
  inFolder((folder) => {
    const path = join(folder, "rules.json");
    writeFileSync(path, JSON.stringify(file));
    return promtoolSays(promtool, ["check", "rules", "--lint=all", "--lint-fatal", path]);
  });

function promtoolSays(promtool: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(promtool, args, { encoding: "utf8" });
  if (error !== undefined) throw error;
  return status === 0 ? "" : `${stdout}${stderr}`;
}

function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "rules-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Moments of the same series, which promtool then evaluates once. */
function worlds(moments: readonly Moment[]): Iterable<readonly [Moment, ...Moment[]]> {
  const found = new Map<string, [Moment, ...Moment[]]>();
  for (const moment of moments) {
    const key = JSON.stringify([moment.step, valuesOf(moment)]);
    const world = found.get(key);
    if (world === undefined) found.set(key, [moment]);
    else world.push(moment);
  }
  return found.values();
}

/** The series of a moment as promtool reads them. */
const valuesOf = ({ given, step }: Moment) =>
  Object.entries<Values | undefined>({ ...HEALTHY, ...given }).flatMap(([series, values]) =>
    values === undefined ? [] : [{ series, values: typeof values === "string" ? values : values(step) }],
  );

const isAlert = (rule: Rule): rule is AlertingRule => "alert" in rule;

/** The rule of an alert; of the many that tell of an absent metric, the one of this metric. */
export function ruleNamed(file: RuleFile, alert: string, metric?: string): AlertingRule {
  const found = file.groups
    .flatMap(({ rules }) => rules.filter(isAlert))
    .find((rule) => rule.alert === alert && rule.labels.metric === metric);
  if (found === undefined) throw new Error(`no rule ${alert}`);
  return found;
}

/** Only what these alerts are made of, because promtool evaluates everything that it is given. */
const about = (file: RuleFile, alerts: ReadonlySet<string>): RuleFile => ({
  groups: file.groups
    .map(({ name, rules }) => ({ name, rules: rules.filter((rule) => !isAlert(rule) || alerts.has(rule.alert)) }))
    .filter(({ rules }) => rules.length > 0),
});

function testFile(file: RuleFile, path: string, world: readonly [Moment, ...Moment[]]) {
  const [first] = world;
  return {
    rule_files: [path],
    evaluation_interval: `${first.step}s`,
    // In the order of the file: recorded metrics are there when the alerts look.
    group_eval_order: file.groups.map(({ name }) => name),
    tests: [
      {
        interval: `${first.step}s`,
        input_series: valuesOf(first),
        alert_rule_test: world.map(({ at, alert, fires }) => ({
          eval_time: `${at}m`,
          alertname: alert,
          exp_alerts: fires.map((labels) => {
            const rule = ruleNamed(file, alert, alert === "metric-absent" ? labels.metric : undefined);
            return { exp_labels: { ...labels, ...rule.labels }, exp_annotations: rule.annotations };
          }),
        })),
      },
    ],
  };
}
