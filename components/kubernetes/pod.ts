import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

/** What every pod of the platform has in common, so that it runs where Pod Security asks for the level `restricted`. */

/** No image of ours needs root; this user is nobody on the machine. */
const USER = 10_001;

/** Security of the pod; `restricted` asks for a user that is not root and a seccomp profile. */
export const POD_SECURITY: types.input.core.v1.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Security of each container: nothing may be gained, and nothing may be written outside of the mounted volumes. */
export const CONTAINER_SECURITY: types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Labels of a namespace in which only pods of that kind start. */
export const RESTRICTED_NAMESPACE = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
} as const;

/** Address at which EKS Pod Identity gives credentials to a pod (169.254.170.23, port 80). */
const POD_IDENTITY_AGENT = "169.254.170.23/32";

/**
 * Ways out of a pod: name resolution, HTTPS, the agent of the pod's identity, and these TCP ports. By port and not by address:
 * a managed database changes its address at each failover, and a NetworkPolicy knows no names.
 */
export function egressTo(ports: readonly Input<number>[]): types.input.networking.v1.NetworkPolicyEgressRule[] {
  return [
    {
      ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
      ],
    },
    { ports: [443, ...ports].map((port) => ({ protocol: "TCP", port })) },
    { to: [{ ipBlock: { cidr: POD_IDENTITY_AGENT } }], ports: [{ protocol: "TCP", port: 80 }] },
  ];
}
