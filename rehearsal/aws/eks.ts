import { type Cloud, type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { field } from "../values";

/** Elastic Kubernetes Service. Durations: EKS user guide, "Create an EKS Auto Mode Cluster with the AWS CLI" (about 15 minutes). */

const CLUSTER = "aws:eks/cluster:Cluster";
const ROLE = "aws:iam/role:Role";
const SUBNET = "aws:ec2/subnet:Subnet";
const SOURCE = "hashicorp/terraform-provider-aws internal/service/eks";

/** The minor version of `1.35`. */
const minorOf = (version: unknown): number => Number(text(version).split(".")[1]);

/** Auto Mode is on as a whole or not at all (cluster.go, validateAutoModeCustomizeDiff). */
function refusedAutoMode(inputs: Values): Refusal[] {
  const parts = [
    field(inputs.computeConfig, "enabled"),
    field(field(inputs.kubernetesNetworkConfig, "elasticLoadBalancing"), "enabled"),
    field(field(inputs.storageConfig, "blockStorage"), "enabled"),
  ].map((enabled) => enabled === true);
  if (parts.every((enabled) => enabled === parts[0])) return [];
  return [
    {
      property: "computeConfig",
      reason:
        "for EKS Auto Mode, please ensure that all required configs, including computeConfig, kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled",
    },
  ];
}

function refusedEndpoint({ vpcConfig }: Values): Refusal[] {
  const isPublic = field(vpcConfig, "endpointPublicAccess") ?? true;
  if (isPublic !== false || field(vpcConfig, "endpointPrivateAccess") === true) return [];
  return [
    {
      property: "vpcConfig",
      reason: "InvalidParameterException: private and public endpoint access cannot both be off",
    },
  ];
}

function refusedZones({ vpcConfig }: Values, cloud: Cloud): Refusal[] {
  const ids = field(vpcConfig, "subnetIds");
  if (!Array.isArray(ids) || ids.includes(UNKNOWN)) return [];
  const zones = ids.map((id) => cloud.find(SUBNET, text(id))?.values.availabilityZone);
  if (zones.includes(undefined) || new Set(zones).size > 1) return [];
  return [
    {
      property: "vpcConfig",
      reason: "InvalidParameterException: Subnets specified must be in at least two different AZs",
    },
  ];
}

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

function refusedLogTypes({ enabledClusterLogTypes }: Values): Refusal[] {
  if (!Array.isArray(enabledClusterLogTypes)) return [];
  return enabledClusterLogTypes
    .filter((type) => type !== UNKNOWN && !LOG_TYPES.includes(text(type)))
    .map((type) => ({
      property: "enabledClusterLogTypes",
      reason: `${text(type)} is none of ${LOG_TYPES.join(", ")}`,
    }));
}

/** The node role of Auto Mode may be given later and never changed; encryption may be begun and never ended. */
function refusedClusterUpdate(inputs: Values, old: Values): Refusal[] {
  const [from, to] = [minorOf(old.version), minorOf(inputs.version)];
  if (inputs.version === UNKNOWN || Number.isNaN(to) || to === from || to === from + 1) return [];
  return [
    {
      property: "version",
      reason:
        to < from
          ? `InvalidParameterException: unsupported Kubernetes minor version update from ${text(old.version)} to ${text(inputs.version)}`
          : `InvalidParameterException: an update goes one minor version at a time, to 1.${from + 1}`,
    },
  ];
}

const clusterArn = (cluster: unknown, arn: (service: string, resource: string) => string): string =>
  arn("eks", `cluster/${text(cluster)}`);

export const eks: readonly ResourceModel[] = [
  {
    type: CLUSTER,
    replaces: [
      "name",
      "roleArn",
      "bootstrapSelfManagedAddons",
      "accessConfig.bootstrapClusterCreatorAdminPermissions",
      "computeConfig.nodeRoleArn",
      "kubernetesNetworkConfig.ipFamily",
      "kubernetesNetworkConfig.serviceIpv4Cidr",
      "outpostConfig",
      "remoteNetworkConfig",
    ],
    source: `${SOURCE}/cluster.go`,
    published: { type: "AWS::EKS::Cluster", names: { forceUpdateVersion: false, enabledClusterLogTypes: false } },
    autonamed: { property: "name", limit: 100 },
    references: {
      roleArn: { types: [ROLE], by: "arn" },
      "computeConfig.nodeRoleArn": { types: [ROLE], by: "arn" },
      "encryptionConfig.provider.keyArn": { types: ["aws:kms/key:Key"], by: "arn" },
      "vpcConfig.subnetIds": { types: [SUBNET] },
    },
    seconds: { create: 900, update: 600, delete: 600 },
    unique: ({ name }, { region }) => (typeof name === "string" ? `${region} ${name}` : undefined),
    check: (inputs, cloud) => [
      ...refusedAutoMode(inputs),
      ...refusedEndpoint(inputs),
      ...refusedZones(inputs, cloud),
      ...refusedLogTypes(inputs),
    ],
    checkUpdate: refusedClusterUpdate,
    id: ({ name }) => text(name),
    outputs: (inputs, { arn, hex, region, find }) => {
      const id = hex(32, "endpoint").toUpperCase();
      const subnets = field(inputs.vpcConfig, "subnetIds");
      const first = Array.isArray(subnets) ? find(SUBNET, text(subnets[0])) : undefined;
      return {
        arn: clusterArn(inputs.name, arn),
        endpoint: `https://${id}.gr7.${region}.eks.amazonaws.com`,
        certificateAuthority: { data: Buffer.from(`rehearsed certificate ${id}`).toString("base64") },
        identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${id}` }] }],
        platformVersion: "eks.1",
        status: "ACTIVE",
        createdAt: "2025-01-01T00:00:00Z",
        version: inputs.version ?? "1.35",
        deletionProtection: inputs.deletionProtection ?? false,
        vpcConfig: {
          publicAccessCidrs: ["0.0.0.0/0"],
          ...Object(inputs.vpcConfig),
          clusterSecurityGroupId: `sg-${hex(17, "group")}`,
          vpcId: first?.values.vpcId ?? `vpc-${hex(17, "vpc")}`,
        },
      };
    },
    refuseDelete: ({ id, values }, cloud) => {
      if (values.deletionProtection === true)
        return `InvalidRequestException: deletion protection is enabled for cluster ${id}; disable it to delete the cluster`;
      const group = cloud.all("aws:eks/nodeGroup:NodeGroup").some((node) => node.values.clusterName === id);
      return group ? `ResourceInUseException: cluster ${id} has nodegroups attached` : undefined;
    },
  },
  {
    type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    replaces: ["clusterName", "namespace", "serviceAccount"],
    source: `${SOURCE}/pod_identity_association.go`,
    published: { type: "AWS::EKS::PodIdentityAssociation" },
    references: { clusterName: { types: [CLUSTER] }, roleArn: { types: [ROLE], by: "arn" } },
    unique: ({ clusterName, namespace, serviceAccount }) =>
      [clusterName, namespace, serviceAccount].includes(UNKNOWN)
        ? undefined
        : [clusterName, namespace, serviceAccount].map(text).join("/"),
    id: (_, { hex }) => `a-${hex(17, "association")}`,
    outputs: ({ clusterName, disableSessionTags }, { arn, hex }) => {
      const id = `a-${hex(17, "association")}`;
      return {
        associationId: id,
        associationArn: arn("eks", `podidentityassociation/${text(clusterName)}/${id}`),
        disableSessionTags: disableSessionTags ?? false,
        externalId: "",
      };
    },
  },
  {
    type: "aws:eks/addon:Addon",
    replaces: ["addonName", "clusterName"],
    source: `${SOURCE}/addon.go`,
    published: { type: "AWS::EKS::Addon", names: { preserve: false } },
    references: { clusterName: { types: [CLUSTER] } },
    seconds: { create: 120, update: 60, delete: 30 },
    unique: ({ clusterName, addonName }) =>
      [clusterName, addonName].includes(UNKNOWN) ? undefined : `${text(clusterName)}:${text(addonName)}`,
    check: ({ resolveConflictsOnCreate: resolve }) =>
      resolve === undefined || resolve === UNKNOWN || ["NONE", "OVERWRITE"].includes(text(resolve))
        ? []
        : [{ property: "resolveConflictsOnCreate", reason: "must be NONE or OVERWRITE" }],
    id: ({ clusterName, addonName }) => `${text(clusterName)}:${text(addonName)}`,
    outputs: ({ clusterName, addonName, addonVersion }, { arn, hex }) => ({
      arn: arn("eks", `addon/${text(clusterName)}/${text(addonName)}/${hex(8, "addon")}`),
      addonVersion: addonVersion ?? "v0.8.0-eksbuild.1",
      createdAt: "2025-01-01T00:00:00Z",
      modifiedAt: "2025-01-01T00:00:00Z",
    }),
  },
];
