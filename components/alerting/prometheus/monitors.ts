import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { fromNamespace } from "../../kubernetes/networkPolicy";
import type { Scraped } from "./scraped";

export const MONITORING_API = "monitoring.coreos.com/v1";

/** How often metrics are asked for: twice within the shortest `for` of a rule. */
const INTERVAL = "30s";

/** A PodMonitor's specification: the pods of its own namespace, and none that has ended. */
export const podMonitorSpec = ({ labels, portName, path }: Scraped) => ({
  selector: { matchLabels: labels },
  podMetricsEndpoints: [{ port: portName, path, interval: INTERVAL, scrapeTimeout: "10s", filterRunning: true }],
});

/** Lets Prometheus in at the port of the metrics, beside what the pods' own policies let in. */
export const scrapePolicy = (
  { labels, port }: Scraped,
  prometheusNamespace: Input<string>,
): types.input.networking.v1.NetworkPolicySpec => ({
  podSelector: { matchLabels: labels },
  policyTypes: ["Ingress"],
  ingress: [fromNamespace(prometheusNamespace, [port])],
});
