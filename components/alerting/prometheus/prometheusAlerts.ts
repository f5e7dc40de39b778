import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../../kubernetes/labels";
import { type Transform, transformed } from "../../transform";
import type { Alert } from "../alert";
import { alertsOf } from "../catalogue";
import { metricsOf, type RuleFile, renderPrometheusRules, seenByPrometheus } from "../prometheusRules";
import { type ClusterEstate, factsOf, partsOf, recordingsOf, scrapedOf } from "./estate";
import { grafanaDashboard } from "./grafana";
import { MONITORING_API, podMonitorSpec, scrapePolicy } from "./monitors";
import type { Scraped } from "./scraped";

export interface PrometheusAlertsArgs {
  /** Namespace of the stack, in which all of this is made. A change makes it anew; nothing is lost by that. */
  readonly namespace: pulumi.Input<string>;
  /** What is watched. */
  readonly estate: ClusterEstate;
  /** Namespace of Prometheus, which is let in at the ports of the metrics. Default: monitoring. */
  readonly prometheusNamespace?: pulumi.Input<string>;
  /**
   * Labels by which that Prometheus chooses its rules and monitors, such as `release: kube-prometheus-stack`. Default: none, for
   * one that takes all.
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Address of the page of runbooks, such as `https://…/docs/alerts.md`. Default: its place in the project. */
  readonly runbooks?: string;
  readonly transform?: { readonly rules?: Transform<RuleFile> };
}

/** Name of the rules, and of what selects and shows them. */
const NAME = "aibase-alerts";

/** By this label the sidecar of Grafana finds dashboards. */
const DASHBOARD_LABEL = { grafana_dashboard: "1" };

/**
 * The catalogue of alerts for the Prometheus operator: rules, monitors of the pods that tell metrics, the ways in for Prometheus, and
 * a dashboard for Grafana. Needs the operator's types in the cluster; who is told is the Alertmanager's affair.
 */
export class PrometheusAlerts extends pulumi.ComponentResource {
  /** Names of the alerts that can fire, in the order of the catalogue. */
  readonly alertNames: readonly string[];

  constructor(
    name: string,
    private readonly args: PrometheusAlertsArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("scaling-ladder:alerting:PrometheusAlerts", name, {}, opts);
    const { estate } = args;
    const alerts = seenByPrometheus(alertsOf(partsOf(estate)), factsOf(estate));

    for (const scraped of scrapedOf(estate)) {
      this.makeMonitor(name, scraped);
      this.makeWayIn(name, scraped);
    }
    this.makeRules(name, alerts);
    this.makeDashboard(name, alerts);

    this.alertNames = alerts.map((alert) => alert.name);
    this.registerOutputs({ alertNames: this.alertNames });
  }

  private metadata(name: string, more: Readonly<Record<string, string>> = {}) {
    return { name, namespace: this.args.namespace, labels: { ...labelsOf(NAME), ...more } };
  }

  private makeMonitor(name: string, scraped: Scraped): void {
    new kubernetes.apiextensions.CustomResource(
      `${name}-${scraped.name}`,
      {
        apiVersion: MONITORING_API,
        kind: "PodMonitor",
        metadata: this.metadata(scraped.name, this.args.labels),
        spec: podMonitorSpec(scraped),
      },
      { parent: this },
    );
  }

  private makeWayIn(name: string, scraped: Scraped): void {
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-${scraped.name}-metrics`,
      {
        metadata: this.metadata(`${scraped.name}-metrics`),
        spec: scrapePolicy(scraped, this.args.prometheusNamespace ?? "monitoring"),
      },
      { parent: this },
    );
  }

  private makeRules(name: string, alerts: readonly Alert[]): void {
    const { estate, runbooks, labels, transform } = this.args;
    const spec = pulumi.output(this.args.namespace).apply((namespace) =>
      transformed(
        renderPrometheusRules(alerts, factsOf(estate), {
          namespace,
          recordings: recordingsOf(estate, metricsOf(namespace)),
          ...(runbooks === undefined ? {} : { runbooks }),
        }),
        transform?.rules,
      ),
    );
    new kubernetes.apiextensions.CustomResource(
      `${name}-rules`,
      { apiVersion: MONITORING_API, kind: "PrometheusRule", metadata: this.metadata(NAME, labels), spec },
      { parent: this },
    );
  }

  private makeDashboard(name: string, alerts: readonly Alert[]): void {
    const { estate, runbooks } = this.args;
    const dashboard = pulumi.output(this.args.namespace).apply((namespace) =>
      grafanaDashboard({
        title: `${namespace} (${pulumi.getStack()})`,
        namespace,
        alerts,
        facts: factsOf(estate),
        runbooks,
      }),
    );
    new kubernetes.core.v1.ConfigMap(
      `${name}-dashboard`,
      {
        metadata: this.metadata("aibase-dashboard", DASHBOARD_LABEL),
        data: { "aibase.json": pulumi.jsonStringify(dashboard) },
      },
      { parent: this },
    );
  }
}
