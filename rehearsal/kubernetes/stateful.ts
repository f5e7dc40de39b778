import { type Cloud, type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { at, items, refuse } from "../values";
import { LABEL_NAME, modelOf } from "./kind";
import { quantity, refusedPod, refusedSecurity } from "./pod";
import { refusedSelector } from "./workloads";

/** What keeps something: pods with a name and a volume of their own, and the claims of volumes. */

const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const SERVICE = "kubernetes:core/v1:Service";
const POD = "spec.template.spec";

const ACCESS_MODES = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
const SIZE = "resources.requests.storage";

/** The specification of a claim; `path` is where it stands. */
function refusedClaim(spec: unknown, path: string): Refusal[] {
  const [modes, size] = [at(spec, "accessModes"), at(spec, SIZE)];
  return [
    ...refuse(
      modes !== UNKNOWN && items(modes).length === 0,
      `${path}.accessModes`,
      "at least 1 access mode is required",
    ),
    ...items(modes)
      .filter((mode) => mode !== UNKNOWN && !ACCESS_MODES.includes(text(mode)))
      .map((mode) => ({ property: `${path}.accessModes`, reason: `Unsupported value: "${text(mode)}"` })),
    ...refuse(size !== UNKNOWN && !(Number(quantity(size)) > 0), `${path}.${SIZE}`, "must be greater than zero"),
  ];
}

/** A name in the object's own namespace that nothing has: its pods would wait for ever. */
function refusedName(inputs: Values, cloud: Cloud, type: string, property: string, name: unknown): Refusal[] {
  const namespace = at(inputs, "metadata.namespace");
  if (!cloud.settled || typeof name !== "string" || typeof namespace !== "string") return [];
  return refuse(cloud.find(type, `${namespace}/${name}`) === undefined, property, `there is no ${type} ${name}`);
}

function refusedStatefulSet(inputs: Values, cloud: Cloud): Refusal[] {
  const templates = items(at(inputs, "spec.volumeClaimTemplates"));
  const claims = items(at(inputs, `${POD}.volumes`)).map((volume) => at(volume, "persistentVolumeClaim.claimName"));
  return [
    ...refusedSelector(inputs),
    ...refusedPod(
      at(inputs, POD),
      POD,
      templates.map((template) => at(template, "metadata.name")),
    ),
    ...refusedSecurity(inputs, at(inputs, POD), cloud, POD),
    ...templates.flatMap((template) => refusedClaim(at(template, "spec"), "spec.volumeClaimTemplates")),
    ...refusedName(inputs, cloud, SERVICE, "spec.serviceName", at(inputs, "spec.serviceName")),
    ...claims.flatMap((claim) => refusedName(inputs, cloud, CLAIM, `${POD}.volumes`, claim)),
  ];
}

/** The forceNew table of the provider. Volumes stay when a StatefulSet goes, and a new one of its name takes them. */
export const stateful: readonly ResourceModel[] = [
  modelOf({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    names: LABEL_NAME,
    replaces: [
      "spec.podManagementPolicy",
      "spec.revisionHistoryLimit",
      "spec.selector",
      "spec.serviceName",
      "spec.volumeClaimTemplates",
    ],
    check: refusedStatefulSet,
    status: (inputs, { hex }) => {
      const replicas = Number(at(inputs, "spec.replicas") ?? 1);
      const revision = `${text(at(inputs, "metadata.name"))}-${hex(10, "revision")}`;
      return {
        replicas,
        readyReplicas: replicas,
        availableReplicas: replicas,
        currentReplicas: replicas,
        updatedReplicas: replicas,
        currentRevision: revision,
        updateRevision: revision,
      };
    },
    // The provider waits until all pods are ready, one after the other.
    more: { seconds: { create: 120, update: 120, delete: 30 } },
  }),
  modelOf({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    replaces: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
    check: (inputs) => refusedClaim(at(inputs, "spec"), "spec"),
    checkUpdate: (inputs, old) => {
      const [size, before] = [at(inputs, `spec.${SIZE}`), at(old, `spec.${SIZE}`)];
      const smaller = Number(quantity(size)) < Number(quantity(before));
      return refuse(smaller, `spec.${SIZE}`, "Forbidden: field can not be less than status.capacity");
    },
    status: (inputs) => ({
      phase: "Bound",
      accessModes: at(inputs, "spec.accessModes"),
      capacity: { storage: at(inputs, `spec.${SIZE}`) },
    }),
    more: { seconds: { create: 10, update: 30, delete: 10 } },
  }),
];
