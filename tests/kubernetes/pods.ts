import { isObject, type Json, type JsonObject } from "../../crosscheck/captured";
import type { KubernetesObject } from "../servers/kubernetesApi";
import { isKubernetesObject } from "./rehearsedObjects";

const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

/** The pod that a workload would make (the first of a StatefulSet), with the name of the workload; undefined for what makes none. */
export function podOf({ kind, metadata, spec }: KubernetesObject): KubernetesObject | undefined {
  // What an operator makes of its own kinds has more than they say.
  if (!WORKLOADS.includes(kind)) return undefined;
  const template = kind === "CronJob" ? at(spec, "jobTemplate", "spec", "template") : at(spec, "template");
  if (!isObject(template) || !isObject(template.spec) || !("containers" in template.spec)) return undefined;
  const claims = at(spec, "volumeClaimTemplates");
  const claimed = (Array.isArray(claims) ? claims : [])
    .filter(isKubernetesObjectWithName)
    .map(({ metadata: { name } }) => ({
      name,
      persistentVolumeClaim: { claimName: `${name}-${metadata.name}-0` },
    }));
  const volumes = [...(Array.isArray(template.spec.volumes) ? template.spec.volumes : []), ...claimed];
  const place: JsonObject = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  const own = isObject(template.metadata) ? template.metadata : {};
  const numbered: JsonObject =
    kind === "StatefulSet" ? { "statefulset.kubernetes.io/pod-name": `${metadata.name}-0` } : {};
  const labels = { ...(isObject(own.labels) ? own.labels : {}), ...numbered };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...own, ...place, labels, name: metadata.name },
    spec: { ...template.spec, volumes },
  };
}

const isKubernetesObjectWithName = (claim: Json): claim is KubernetesObject =>
  isKubernetesObject({ apiVersion: "v1", kind: "PersistentVolumeClaim", ...(isObject(claim) ? claim : {}) });

const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((found, key) => (isObject(found) ? found[key] : undefined), value);
