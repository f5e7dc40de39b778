import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { PodIdentity } from "../cluster/podIdentity";
import { secretData } from "../kubernetes/secretData";
import { type Transform, transformed } from "../transform";
import { type SecretVariable, secretsOf } from "./environment";
import { LABELS } from "./kubernetesDeployment";
import { type Exposure, serviceAnnotations, serviceSpec } from "./kubernetesService";

/** What the application has on Kubernetes whatever its database is: account, Secrets, Service, the documented aliases. */

/** Service account of the application, for the trust policy of its role. */
export const APP_SERVICE_ACCOUNT = "aibase";

/** Where the application's objects stand. */
export interface Place {
  /** Beginning of the engine's names. */
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  /** The component that they belong to. */
  readonly parent: pulumi.Resource;
}

/** An IAM role of the pods instead of keys. Its trust policy names the namespace and APP_SERVICE_ACCOUNT. */
export interface AppRole {
  readonly clusterName: pulumi.Input<string>;
  readonly roleArn: pulumi.Input<string>;
}

export interface Identity {
  readonly serviceAccountName: pulumi.Output<string>;
  /** Must be there before pods are: a pod asks for its identity once. */
  readonly first: readonly pulumi.Resource[];
}

/** Metadata of an object of the application. */
export const metadataOf = (
  { namespace }: Place,
  name: string,
  more: { readonly annotations?: Record<string, string> } = {},
) => ({ name, namespace, labels: LABELS, ...more });

/** The pods' account, and the role that it has. */
export function makeIdentity(place: Place, role: AppRole | undefined): Identity {
  const { name, namespace, parent } = place;
  const account = new kubernetes.core.v1.ServiceAccount(
    `${name}-account`,
    { metadata: metadataOf(place, APP_SERVICE_ACCOUNT), automountServiceAccountToken: false },
    { parent },
  );
  const serviceAccountName = account.metadata.name;
  if (role === undefined) return { serviceAccountName, first: [] };
  const association = new PodIdentity(
    `${name}-identity`,
    { ...role, namespace, serviceAccount: serviceAccountName },
    { parent },
  );
  return { serviceAccountName, first: [association] };
}

/** The Secrets that these variables are read from. */
export const makeSecrets = (place: Place, variables: readonly SecretVariable[]): kubernetes.core.v1.Secret[] =>
  [...secretsOf(variables)].map(
    ([secret, values]) =>
      new kubernetes.core.v1.Secret(
        `${place.name}-${secret}`,
        { metadata: metadataOf(place, secret), type: "Opaque", data: secretData(values) },
        { parent: place.parent },
      ),
  );

/** A documented name that leads to a server (S1-59). */
export const makeAlias = (
  place: Place,
  alias: string,
  externalName: pulumi.Input<string>,
): kubernetes.core.v1.Service =>
  new kubernetes.core.v1.Service(
    `${place.name}-${alias}`,
    { metadata: metadataOf(place, alias), spec: { type: "ExternalName", externalName } },
    { parent: place.parent },
  );

/** `aibase-service`, the way into the application (S1-57). */
export function makeService(
  place: Place,
  exposure: Exposure,
  transform: Transform<kubernetes.core.v1.ServiceArgs> | undefined,
): kubernetes.core.v1.Service {
  const defaults: kubernetes.core.v1.ServiceArgs = {
    metadata: metadataOf(place, "aibase-service", { annotations: serviceAnnotations(exposure) }),
    spec: serviceSpec(exposure),
  };
  return new kubernetes.core.v1.Service(`${place.name}-service`, transformed(defaults, transform), {
    parent: place.parent,
  });
}
