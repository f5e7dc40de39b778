import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TierName } from "../../settings";
import { UserError } from "../../settings/errors";
import type { SizeName } from "../../settings/tiers";
import { storeDestination, waysTo } from "../backup/store";
import { checksumOf } from "../kubernetes/secretData";
import { type Transform, transformed } from "../transform";
import { contract } from "./contract";
import { partEnvironment } from "./environment";
import { deploymentSpec, PORT_NAME, SELECTOR } from "./kubernetesDeployment";
import { aliased, CACHE_ALIAS, DATABASE_ALIAS, type Exposure, type SharedParts } from "./kubernetesService";
import {
  type AppRole,
  type Identity,
  makeAlias,
  makeIdentity,
  makeSecrets,
  makeService,
  metadataOf,
  type Place,
} from "./workload";

export { APP_SERVICE_ACCOUNT } from "./workload";

/** Share of the requested CPU at which pods are added; ours. */
const CPU_TARGET_PERCENT = 70;

export interface KubernetesAppArgs extends SharedParts {
  /** Namespace of everything here; it takes pods of the level `restricted`. A change makes all of it anew. */
  readonly namespace: pulumi.Input<string>;
  readonly tier: TierName;
  readonly users: number;
  /** Container image. A new one is rolled out without a pause. */
  readonly image: string;
  /** Take an image by digest only (`name@sha256:…`), so that what runs is what was tested (C-31). */
  readonly digestRequired: boolean;
  /** Pods; where there is `maxReplicas`, the fewest. */
  readonly replicas: number;
  /** Pods that autoscaling may reach. Default: `replicas`, without autoscaling. */
  readonly maxReplicas?: number;
  /** Port the container listens on (S1-50). */
  readonly port: number;
  /** Machine size, which decides what a pod requests. */
  readonly size: SizeName;
  /**
   * Who reaches the application. Default: `internal`, the documented LoadBalancer (S1-57) without a way in from the internet:
   * port 80 is not encrypted, and whoever opens it puts TLS before it. About 17 USD a month and traffic, except for `cluster`.
   */
  readonly exposure?: Exposure;
  /** An IAM role of the pods instead of keys. Its trust policy names the namespace and APP_SERVICE_ACCOUNT. */
  readonly identity?: AppRole;
  readonly transform?: {
    readonly deployment?: Transform<kubernetes.apps.v1.DeploymentArgs>;
    readonly service?: Transform<kubernetes.core.v1.ServiceArgs>;
    readonly networkPolicy?: Transform<kubernetes.networking.v1.NetworkPolicyArgs>;
  };
}

/** The application on Kubernetes: the documented Deployment and Service made right (S1-48 to S1-60, C-31). */
export class KubernetesApp extends pulumi.ComponentResource {
  /** The contract as the pods get it. Secret. */
  readonly contract: pulumi.Output<Record<string, string>>;
  readonly namespace: pulumi.Output<string>;
  readonly serviceName: pulumi.Output<string>;
  readonly deploymentName: pulumi.Output<string>;

  constructor(name: string, args: KubernetesAppArgs, opts: pulumi.ComponentResourceOptions = {}) {
    checkImage(args);
    const { tier, users, image, replicas, maxReplicas, port } = args;
    super("scaling-ladder:app:KubernetesApp", name, { tier, users, image, replicas, maxReplicas, port }, opts);
    const variables: Variables = { ...contract(aliased(args)), PORT: String(port) };

    this.namespace = pulumi.output(args.namespace);
    const place: Place = { name, namespace: this.namespace, parent: this };
    const identity = makeIdentity(place, args.identity);
    makeAlias(place, DATABASE_ALIAS, args.database.host);
    makeAlias(place, CACHE_ALIAS, args.cache.host);
    this.makeNetworkPolicy(place, args);
    const deployment = this.makeDeployment(place, args, variables, identity);
    const service = makeService(place, args.exposure ?? "internal", args.transform?.service);
    this.makeScaling(place, args, deployment);

    this.contract = pulumi.secret(pulumi.all(variables));
    this.serviceName = service.metadata.name;
    this.deploymentName = deployment.metadata.name;
    this.registerOutputs({ namespace: this.namespace, serviceName: this.serviceName });
  }

  private makeNetworkPolicy(place: Place, { database, cache, files, transform }: KubernetesAppArgs): void {
    const defaults: kubernetes.networking.v1.NetworkPolicyArgs = {
      metadata: metadataOf(place, "aibase"),
      spec: {
        podSelector: { matchLabels: SELECTOR },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [{ protocol: "TCP", port: PORT_NAME }] }],
        egress: waysTo([{ port: database.port }, { port: cache.port }, storeDestination(files)]),
      },
    };
    new kubernetes.networking.v1.NetworkPolicy(
      `${place.name}-network`,
      transformed(defaults, transform?.networkPolicy),
      {
        parent: this,
      },
    );
  }

  private makeDeployment(
    place: Place,
    args: KubernetesAppArgs,
    variables: Variables,
    { serviceAccountName, first }: Identity,
  ): kubernetes.apps.v1.Deployment {
    const environment = partEnvironment(variables);
    const secrets = makeSecrets(place, environment.secret);
    const { image, port, size, replicas, transform } = args;
    const checksum = checksumOf(environment.secret.map(({ value }) => value));
    const defaults: kubernetes.apps.v1.DeploymentArgs = {
      metadata: metadataOf(place, "aibase"),
      spec: deploymentSpec(replicas, { image, port, size, serviceAccountName, environment, checksum }),
    };
    return new kubernetes.apps.v1.Deployment(`${place.name}-deployment`, transformed(defaults, transform?.deployment), {
      parent: this,
      dependsOn: [...secrets, ...first],
      // Autoscaling owns the number of pods; an `up` must not set it back.
      ignoreChanges: isAutoscaled(args) ? ["spec.replicas"] : [],
    });
  }

  private makeScaling(place: Place, args: KubernetesAppArgs, deployment: kubernetes.apps.v1.Deployment): void {
    new kubernetes.policy.v1.PodDisruptionBudget(
      `${place.name}-disruption`,
      {
        metadata: metadataOf(place, "aibase"),
        // A pod that is ill anyway never holds up the work on its machine.
        spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: SELECTOR },
        },
      },
      { parent: this },
    );
    if (!isAutoscaled(args)) return;
    new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
      `${place.name}-autoscaler`,
      {
        metadata: metadataOf(place, "aibase"),
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name },
          minReplicas: args.replicas,
          maxReplicas: args.maxReplicas,
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_TARGET_PERCENT } },
            },
          ],
        },
      },
      { parent: this },
    );
  }
}

type Variables = Record<string, pulumi.Input<string>>;

const isAutoscaled = (args: KubernetesAppArgs): args is KubernetesAppArgs & { readonly maxReplicas: number } =>
  args.maxReplicas !== undefined && args.maxReplicas > args.replicas;

function checkImage({ image, digestRequired }: KubernetesAppArgs): void {
  if (!digestRequired || /@sha256:[0-9a-f]{64}$/.test(image)) return;
  throw new UserError(
    `app.image is ${image}; this tier runs an image by digest only, such as registry/aibase@sha256:…: set it to what \`docker buildx imagetools inspect ${image}\` shows`,
  );
}
