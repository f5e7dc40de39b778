import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { RESTRICTED_NAMESPACE } from "../kubernetes/pod";
import { secretData } from "../kubernetes/secretData";
import { type Transform, transformed } from "../transform";
import { OPERATOR_NAMES, OPERATORS, type OperatorName } from "./charts";
import { chartValues, GRAFANA_KEYS } from "./values";

/** `existing`: it is in the cluster, or not needed. `install`: as a Helm release of this stack. */
export type OperatorMode = "existing" | "install";

export interface OperatorsArgs {
  /** Certificates for the plugin's connection to the operator. Default: existing. */
  readonly certManager?: OperatorMode;
  /** Default: existing. */
  readonly cloudNativePg?: OperatorMode;
  /** Backups of CloudNativePG to object storage; needs cert-manager and CloudNativePG. Default: existing. */
  readonly barmanCloud?: OperatorMode;
  /** The Prometheus operator with Prometheus, Alertmanager, Grafana and kube-state-metrics. Default: existing. */
  readonly prometheus?: OperatorMode;
  /** Namespace of Prometheus. Default: monitoring. A change installs it anew; its metrics are lost. */
  readonly prometheusNamespace?: string;
  /** StorageClass of the 20 GiB that Prometheus keeps its metrics on. Default: the cluster's own. */
  readonly storageClass?: string;
  /** Last word on the arguments of a release, such as more values, or a mirror of the charts. */
  readonly transform?: Partial<Record<OperatorName, Transform<kubernetes.helm.v3.ReleaseArgs>>>;
}

/** Time in seconds that a release gets to be ready; a first start pulls its images. */
const TIMEOUT_SECONDS = 600;

const LABELS = { "app.kubernetes.io/part-of": "aibase", "app.kubernetes.io/managed-by": "pulumi" } as const;
const GRAFANA_SECRET = "grafana-login";

type Releases = Partial<Record<OperatorName, kubernetes.helm.v3.Release>>;

/**
 * The operators that were asked for, each as a Helm release of an exact version in a namespace of the Pod Security level
 * `restricted`. What makes objects of their kinds depends on this component: it comes after them, and goes before them.
 * Custom resource definitions stay when a release goes, and with them every database that they describe.
 */
export class Operators extends pulumi.ComponentResource {
  /** Names of the operators that are installed here. */
  readonly installed: readonly OperatorName[];

  constructor(name: string, args: OperatorsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const installed = OPERATOR_NAMES.filter((operator) => args[operator] === "install");
    super("scaling-ladder:operators:Operators", name, { installed }, opts);

    const namespaces = this.makeNamespaces(name, installed, args);
    const login = installed.includes("prometheus") ? [this.makeGrafanaLogin(name, namespaces, args)] : [];
    const releases: Releases = {};
    for (const operator of installed) {
      const first = [
        ...(operator === "barmanCloud" ? neededBy(releases) : []),
        ...(operator === "prometheus" ? login : []),
      ];
      releases[operator] = this.makeRelease(name, operator, namespaces, args, first);
    }

    this.installed = installed;
    this.registerOutputs({ installed });
  }

  /**
   * Made here and not by Helm, which would let pods of any kind start in them. The plugin has none of its own: it goes to its
   * operator's, which may be somebody else's.
   */
  private makeNamespaces(name: string, installed: readonly OperatorName[], args: OperatorsArgs): Namespaces {
    const owners = installed.filter((operator) => operator !== "barmanCloud");
    const names = owners.map((operator) => namespaceOf(operator, args));
    return new Map(
      names.map((namespace) => [
        namespace,
        new kubernetes.core.v1.Namespace(
          `${name}-${namespace}-namespace`,
          { metadata: { name: namespace, labels: { ...LABELS, ...RESTRICTED_NAMESPACE } } },
          { parent: this },
        ).metadata.name,
      ]),
    );
  }

  /** The chart's own password is the same for everybody. */
  private makeGrafanaLogin(name: string, namespaces: Namespaces, args: OperatorsArgs): kubernetes.core.v1.Secret {
    const password = new random.RandomPassword(
      `${name}-grafana-password`,
      { length: 32, special: false },
      { parent: this },
    );
    return new kubernetes.core.v1.Secret(
      `${name}-${GRAFANA_SECRET}`,
      {
        metadata: { name: GRAFANA_SECRET, namespace: madeNamespace("prometheus", namespaces, args), labels: LABELS },
        type: "Opaque",
        data: secretData({ [GRAFANA_KEYS.user]: "admin", [GRAFANA_KEYS.password]: password.result }),
      },
      { parent: this },
    );
  }

  private makeRelease(
    name: string,
    operator: OperatorName,
    namespaces: Namespaces,
    args: OperatorsArgs,
    dependsOn: pulumi.Resource[],
  ): kubernetes.helm.v3.Release {
    const { chart, repository, version } = OPERATORS[operator];
    const { storageClass, transform } = args;
    const defaults: kubernetes.helm.v3.ReleaseArgs = {
      name: chart,
      chart,
      version,
      repositoryOpts: { repo: repository },
      namespace: madeNamespace(operator, namespaces, args),
      values: chartValues(operator, {
        grafanaSecret: GRAFANA_SECRET,
        ...(storageClass === undefined ? {} : { storageClass }),
      }),
      // A release that does not become ready leaves nothing behind, so that the next run begins anew.
      atomic: true,
      cleanupOnFail: true,
      timeout: TIMEOUT_SECONDS,
      maxHistory: 5,
    };
    return new kubernetes.helm.v3.Release(`${name}-${chart}`, transformed(defaults, transform?.[operator]), {
      parent: this,
      dependsOn,
    });
  }
}

/** Namespaces that are made here, by name. */
type Namespaces = ReadonlyMap<string, pulumi.Output<string>>;

const namespaceOf = (operator: OperatorName, { prometheusNamespace }: OperatorsArgs): string =>
  operator === "prometheus" && prometheusNamespace !== undefined ? prometheusNamespace : OPERATORS[operator].namespace;

/** The namespace of an operator, known once it is there. */
const madeNamespace = (operator: OperatorName, namespaces: Namespaces, args: OperatorsArgs): pulumi.Input<string> => {
  const namespace = namespaceOf(operator, args);
  return namespaces.get(namespace) ?? namespace;
};

/** What the plugin waits for, as far as it is installed here. */
const neededBy = ({ certManager, cloudNativePg }: Releases): kubernetes.helm.v3.Release[] =>
  [certManager, cloudNativePg].filter((release) => release !== undefined);
