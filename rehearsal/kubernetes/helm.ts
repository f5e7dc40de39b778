import { type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { at } from "../values";
import { LABEL, NAMESPACE } from "./kind";

/** Releases of Helm, which the provider installs by itself. No chart is fetched here, so its values are not looked into. */

/** Helm's own bound on the name of a release (helm.sh/helm pkg/chart/common/util, "maxReleaseNameLen"). */
const NAME_LIMIT = 53;

/** An exact version; a range would install whatever is newest that day. */
const EXACT = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** Namespaces of operators that somebody else may have installed, and that a plugin of theirs goes to. */
const OPERATED = ["cnpg-system"];

const releaseName = (
  inputs: Values,
  making: { readonly name: string; hex(digits: number, salt?: string): string },
): string => text(inputs.name) || `${making.name}-${making.hex(8, "name")}`;

function refused(inputs: Values): Refusal[] {
  const { name, version, chart } = inputs;
  const repository = at(inputs, "repositoryOpts.repo");
  const isForm = (value: unknown, form: (plain: string) => boolean): boolean =>
    value === undefined || value === UNKNOWN || form(text(value));
  return [
    ...(isForm(name, (plain) => LABEL.test(plain) && plain.length <= NAME_LIMIT)
      ? []
      : [
          {
            property: "name",
            reason: `invalid release name, must match ${LABEL.source} and have at most ${NAME_LIMIT} characters`,
          },
        ]),
    ...(isForm(version, (plain) => EXACT.test(plain))
      ? []
      : [
          {
            property: "version",
            reason: `"${text(version)}" is no exact version, and the same stack would not be the same tomorrow`,
          },
        ]),
    ...(chart === UNKNOWN || text(chart) !== "" ? [] : [{ property: "chart", reason: "is required" }]),
    ...(isForm(repository, (plain) => /^https:\/\/|^oci:\/\//.test(plain))
      ? []
      : [{ property: "repositoryOpts.repo", reason: `could not find protocol handler for "${text(repository)}"` }]),
  ];
}

export const helm: readonly ResourceModel[] = [
  {
    type: "kubernetes:helm.sh/v3:Release",
    replaces: ["name", "namespace"],
    source: "pulumi/pulumi-kubernetes provider/pkg/provider/helm_release.go (forceNewFields)",
    references: { namespace: { types: [NAMESPACE], always: ["default", "kube-system", ...OPERATED] } },
    // A first start pulls the images of every pod.
    seconds: { create: 120, update: 60, delete: 30 },
    unique: (inputs) =>
      typeof inputs.name === "string" && inputs.namespace !== UNKNOWN
        ? `${text(inputs.namespace) || "default"}/${inputs.name}`
        : undefined,
    check: refused,
    id: (inputs, making) => `${text(inputs.namespace) || "default"}/${releaseName(inputs, making)}`,
    outputs: (inputs, making, old) => {
      const [name, namespace] = [releaseName(inputs, making), text(inputs.namespace) || "default"];
      return {
        name,
        namespace,
        resourceNames: {},
        status: {
          name,
          namespace,
          chart: inputs.chart,
          version: inputs.version,
          revision: Number(at(old, "status.revision") ?? 0) + 1,
          status: "deployed",
        },
      };
    },
  },
];
