import { beforeAll, describe, expect, it } from "vitest";
import { partsOf, recordingsOf } from "../../components/alerting/prometheus/estate";
import { metricsOf, renderPrometheusRules, seenByPrometheus } from "../../components/alerting/prometheusRules";
import { promtool as findPromtool } from "../servers/tools";
import { DATABASE_CASES } from "./ruleCasesDatabase";
import { OTHER_CASES } from "./ruleCasesOther";
import { WAL_CASES } from "./ruleCasesWal";
import { ALERTS, ESTATES, FACTS, FILE } from "./ruleFiles";
import { ESTATE, HEALTHY, NAMESPACE, type RuleCase, type Values } from "./ruleSeries";
import { checkRules, type Moment, ruleNamed, testRules } from "./ruleTest";

const CASES: readonly RuleCase[] = [...DATABASE_CASES, ...WAL_CASES, ...OTHER_CASES];
const METRICS = [...new Set(ALERTS.flatMap(({ prometheus }) => prometheus?.always ?? []))];

let promtool: string;
beforeAll(async () => {
  promtool = await findPromtool();
});

const momentsOf = ({ alert, step = 60, firing, at, notYet, labels, quiet }: RuleCase): readonly Moment[] => [
  { given: firing, step, at, alert, fires: [labels] },
  ...(notYet === undefined ? [] : [{ given: firing, step, at: notYet, alert, fires: [] }]),
  { given: quiet, step, at, alert, fires: [] },
];

describe("the rules that Prometheus gets", () => {
  it.each(Object.entries(ESTATES))("are taken by promtool for %s", (_, estate) => {
    const file = renderPrometheusRules(
      seenByPrometheus(ALERTS, FACTS).filter(({ part }) => partsOf(estate).includes(part)),
      FACTS,
      {
        namespace: NAMESPACE,
        recordings: recordingsOf(estate, metricsOf(NAMESPACE)),
      },
    );
    expect(file.groups.length).toBeGreaterThan(1);
    expect(checkRules(promtool, file)).toBe("");
  });

  it("are refused by promtool when one of them is broken", () => {
    const [group] = FILE.groups;
    if (group === undefined) throw new Error("no rules");
    const broken = { ...FILE, groups: [{ ...group, rules: [{ record: "pg_up", expr: "max by (pod (pg_up)" }] }] };
    expect(checkRules(promtool, broken)).toContain("parse error");
  });

  it("have a case for each alert, and no case without one; those that wait are seen waiting", () => {
    const names = ALERTS.map(({ name }) => name);
    expect([...new Set(CASES.map(({ alert }) => alert))].sort()).toEqual([...names].sort());
    for (const { alert, notYet } of CASES) {
      const waits = ruleNamed(FILE, alert).for !== undefined;
      expect(notYet !== undefined, `${alert} waits`).toBe(waits);
    }
  });

  it.each(CASES)("$alert fires past its threshold, not before its time, and is quiet on this side of it", (rule) => {
    expect(testRules(promtool, FILE, momentsOf(rule))).toBe("");
  });

  it("are all silent for a stack that is well", () => {
    const moments = [...ALERTS.map(({ name }) => name), "metric-absent"].map(
      (alert): Moment => ({ given: {}, step: 60, at: 120, alert, fires: [] }),
    );
    expect(testRules(promtool, FILE, moments)).toBe("");
  });

  it("tell after ten minutes of every metric that is not there, and not before", () => {
    const given = Object.fromEntries(
      Object.keys(HEALTHY).map((name): [string, Values | undefined] => [name, undefined]),
    );
    // What is a number even without any instance is never away; the metric that it is made of is.
    const fires = METRICS.map((metric) => ({ metric }));
    const at = (minutes: number, expected: Moment["fires"]): Moment => ({
      given: { ...given, [`something{namespace="${NAMESPACE}"}`]: "1+0x60" },
      step: 60,
      at: minutes,
      alert: "metric-absent",
      fires: expected,
    });
    expect(testRules(promtool, FILE, [at(10, fires), at(9, [])])).toBe("");
  });

  it("look at their own namespace only", () => {
    // All faults at once in the namespace of another stack.
    const faults = CASES.filter(({ step }) => step === undefined);
    const given = Object.fromEntries(
      faults
        .flatMap(({ firing }) => Object.entries(firing))
        .map(([name, values]) => [name.replace(`namespace="${NAMESPACE}"`, 'namespace="other"'), values]),
    );
    const elsewhere = faults.map(({ alert, at }): Moment => ({ given, step: 60, at, alert, fires: [] }));
    expect(testRules(promtool, FILE, elsewhere)).toBe("");
  });

  it("count the pods of a StatefulSet as well (small-team)", () => {
    const estate = { ...ESTATE, app: { workload: "statefulset", port: 3000 } as const };
    const file = renderPrometheusRules(ALERTS, FACTS, {
      namespace: NAMESPACE,
      recordings: recordingsOf(estate, metricsOf(NAMESPACE)),
    });
    const ready = (pods: string) => ({
      [`kube_statefulset_status_replicas_ready{namespace="${NAMESPACE}",statefulset="aibase"}`]: pods,
    });
    const moment = (pods: string, fires: Moment["fires"]): Moment => ({
      given: ready(pods),
      step: 60,
      at: 5,
      alert: "app-down",
      fires,
    });
    expect(testRules(promtool, file, [moment("0+0x20", [{}]), moment("1+0x20", [])])).toBe("");
  });
});
