import { mustBeText } from "../../checks/content";
import { type Judgements, mustBeTrue, mustHold, unverified, violated } from "../../checks/property";
import { type Reading, readFlag, readList, readText } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule } from "../../rule";
import { isWorld } from "../network/openings";

const TYPES = ["aws:eks/cluster:Cluster"];

/** Judges the ranges from which the public endpoint answers. EKS takes the whole internet when none are named. */
function narrowed(props: Value): Judgements {
  const where = "`vpcConfig.publicAccessCidrs`";
  const list = readList(props, "vpcConfig", "publicAccessCidrs");
  if (list.state === "unknown") return unverified(where);
  const ranges = list.state === "known" ? list.value.map((_, index) => readText(list.value, index)) : [];
  const wrong = (range: Reading<string>) =>
    range.state === "known" ? isWorld(range.value) : range.state !== "unknown";
  if (ranges.length === 0 || ranges.some(wrong))
    return violated(`The public endpoint is open to the whole internet: ${where} must name smaller ranges.`);
  return ranges.some(({ state }) => state === "unknown") ? unverified(where) : [];
}

function publicEndpoint(props: Value): Judgements {
  const isPublic = readFlag(props, "vpcConfig", "endpointPublicAccess");
  if (isPublic.state === "known" && !isPublic.value) return [];
  const judgements = narrowed(props);
  if (judgements.length === 0 || isPublic.state !== "unknown") return judgements;
  return unverified("`vpcConfig.endpointPublicAccess`");
}

const eksEndpoint: ResourceRule = {
  scope: "resource",
  name: "eks-endpoint",
  description: "The API of the cluster answers inside the network, and outside to named address ranges at most.",
  why: "Whoever reaches the API can try stolen credentials and the next flaw of the API server.",
  remedy:
    "Set `endpointPrivateAccess: true`, and `endpointPublicAccess: false` or `publicAccessCidrs` (`scaling-ladder:cluster.endpointCidrs`).",
  ids: ["EKS.1", "CKV_AWS_38", "CKV_AWS_39"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => [...mustBeTrue(props, "vpcConfig", "endpointPrivateAccess"), ...publicEndpoint(props)],
};

const eksSecretsKms: ResourceRule = {
  scope: "resource",
  name: "eks-secrets-kms",
  description: "The cluster encrypts its Secrets with a key of the stack.",
  why: "The passwords of database and cache stand in Secrets; with a key of its own, a copy of the cluster's store tells nothing.",
  remedy: 'Set `encryptionConfig` with `resources: ["secrets"]` and `provider.keyArn`. It cannot be taken back.',
  ids: ["EKS.3", "CKV_AWS_58"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => [
    ...mustBeText(props, "encryptionConfig", "provider", "keyArn"),
    ...mustHold(["secrets"], props, "encryptionConfig", "resources"),
  ],
};

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

const eksLogs: ResourceRule = {
  scope: "resource",
  name: "eks-logs",
  description: "The control plane of the cluster writes all five of its logs.",
  why: "Without the audit log nobody can say afterwards who read a Secret or changed a role.",
  remedy: `Set \`enabledClusterLogTypes\` to ${LOG_TYPES.join(", ")}.`,
  ids: ["EKS.8", "CKV_AWS_37"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: ({ props }) => mustHold(LOG_TYPES, props, "enabledClusterLogTypes"),
};

/** The oldest version that EKS supports at the standard price (EKS User Guide, release calendar: 1.34 until December 2026). */
const OLDEST = { major: 1, minor: 34 };

function supported(props: Value): Judgements {
  const version = readText(props, "version");
  if (version.state === "unknown") return unverified("`version`");
  if (version.state === "absent") return violated("`version` is not set; it must be written down.");
  const parts = version.state === "known" ? /^(\d+)\.(\d+)$/.exec(version.value) : null;
  if (parts === null) return violated("`version` must be a minor version as a text.");
  const [major, minor] = [Number(parts[1]), Number(parts[2])];
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return [];
  return violated(`\`version\` is older than ${OLDEST.major}.${OLDEST.minor}, the oldest in standard support.`);
}

const eksSupported: ResourceRule = {
  scope: "resource",
  name: "eks-supported",
  description: "The cluster runs a version of Kubernetes that EKS supports at the standard price.",
  why: "An older version costs six times as much, gets fewer fixes, and is at last upgraded by AWS at a time of its choosing.",
  remedy: "Raise `scaling-ladder:cluster.version` by one minor version at a time.",
  ids: ["EKS.2", "CKV_AWS_339"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: ({ props }) => supported(props),
};

/** What is asked of EKS clusters. */
export const clusterRules: readonly Rule[] = [eksEndpoint, eksSecretsKms, eksLogs, eksSupported];
