import { becomes, changed, lowered, quantityLowered } from "../change";
import { KEEP, type StatefulType } from "./type";

/** What holds data inside a Kubernetes cluster. */
export const KUBERNETES: readonly StatefulType[] = [
  {
    type: "kubernetes:core/v1:Namespace",
    what: "namespace",
    loss: "Everything in it: applications, secrets, claims of volumes.",
    instead: "Undo the change; add a second namespace and move to it.",
  },
  {
    type: "kubernetes:core/v1:PersistentVolumeClaim",
    what: "claim of a volume",
    loss: "The volume and its data, where its class deletes what is released.",
    instead: "Undo the change, or restore a volume snapshot to a second claim.",
    dangers: [
      {
        property: "spec.resources.requests.storage",
        change: quantityLowered,
        consequence: "A volume cannot shrink.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "kubernetes:core/v1:PersistentVolume",
    what: "volume",
    loss: "The volume's data, where it is not retained.",
    instead: KEEP,
    dangers: [
      {
        property: "spec.persistentVolumeReclaimPolicy",
        change: becomes("Delete"),
        consequence: "The data is deleted with the claim.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "kubernetes:apps/v1:StatefulSet",
    what: "stateful set",
    loss: "Its pods stop, and its claims may be deleted with it (persistentVolumeClaimRetentionPolicy).",
    instead: "Undo the change; most fields of a stateful set cannot be changed in place.",
  },
  {
    type: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
    what: "definition of a kind of resource",
    loss: "Every resource of that kind in the cluster, databases included.",
    instead: KEEP,
  },
  {
    type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
    what: "PostgreSQL cluster",
    loss: "All its data: the operator deletes the volumes with the cluster.",
    instead: "Undo the change, or recover a second cluster from a backup and move the application to it.",
    dangers: [
      {
        property: "spec.storage.size",
        change: quantityLowered,
        consequence: "A volume cannot shrink.",
        instead: KEEP,
      },
      {
        property: "spec.instances",
        change: lowered,
        consequence: "Standbys are removed with their volumes.",
        instead: "Keep at least two where the data matters.",
        level: "advise",
      },
      {
        property: "spec.bootstrap",
        change: changed,
        consequence: "How a cluster begins has no effect on one that runs; another beginning needs another cluster.",
        instead: "Recover a second cluster and move the application to it.",
        level: "advise",
      },
    ],
  },
];
