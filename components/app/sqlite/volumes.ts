import * as kubernetes from "@pulumi/kubernetes";
import type { Output } from "@pulumi/pulumi";
import { type Transform, transformed } from "../../transform";
import { metadataOf, type Place } from "../workload";

/** A claim of the application's pod. */
export interface Volume {
  readonly claim: Output<string>;
  readonly sizeGiB: number;
}

export interface Volumes {
  readonly database: Volume;
  readonly files: Volume;
}

export interface VolumeArgs {
  /** Grows in place where the class of storage can, and never shrinks. */
  readonly sizeGiB: number;
  /** Default: the cluster's own. */
  readonly storageClass: string | undefined;
  /** Protect it from being deleted by the engine. */
  readonly deletionProtection: boolean;
  readonly transform: Transform<kubernetes.core.v1.PersistentVolumeClaimArgs> | undefined;
}

/** A claim of its own and not a template of the StatefulSet: it can grow, and it is protected. */
export function makeVolume(place: Place, what: string, args: VolumeArgs): Volume {
  const { sizeGiB, storageClass, deletionProtection, transform } = args;
  const defaults: kubernetes.core.v1.PersistentVolumeClaimArgs = {
    metadata: metadataOf(place, `aibase-${what}`),
    spec: {
      // By one machine, not by one pod: the copy of the day is made by a pod of its own beside the application's.
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: `${sizeGiB}Gi` } },
    },
  };
  const claim = new kubernetes.core.v1.PersistentVolumeClaim(
    `${place.name}-${what}`,
    transformed(defaults, transform),
    { parent: place.parent, protect: deletionProtection },
  );
  return { claim: claim.metadata.name, sizeGiB };
}
