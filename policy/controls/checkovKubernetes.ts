import { type Catalogue, notMade, notOurs, waived } from "./control";
import { CHECKOV_PAGE, DAY, NO_RBAC, SECRETS_IN_ENVIRONMENT } from "./reasons";

const TILLER = notOurs("Helm 2 and the dashboard are not part of any stack.");
const NO_INGRESS = notMade("Stacks make no Ingress.", "kubernetes:networking.k8s.io/v1:Ingress");

/** The checks of Checkov for Kubernetes objects. */
export const checkovKubernetes: Catalogue = {
  name: "Checkov 3.3, Kubernetes",
  source: CHECKOV_PAGE,
  scope:
    "All checks of workloads, service accounts, roles and Ingress. Left out: checks of PodSecurityPolicy, which Kubernetes has removed, and of the flags of the control plane (CKV_K8S_68 to 151), which EKS runs.",
  ids: /^CKV2?_K8S_/,
  controls: [
    ["CKV_K8S_8", "a liveness probe"],
    ["CKV_K8S_9", "a readiness probe"],
    ["CKV_K8S_10", "processor requests"],
    [
      "CKV_K8S_11",
      "processor limits",
      waived(
        DAY,
        "A limit slows a container down while the node is idle; requests keep the shares, and memory has a limit.",
      ),
    ],
    ["CKV_K8S_12", "memory requests"],
    ["CKV_K8S_13", "memory limits"],
    ["CKV_K8S_14", "images have a fixed tag"],
    [
      "CKV_K8S_15",
      "images are always pulled",
      waived(
        DAY,
        "Images are named by digest from `enterprise` on: what is there is what was meant, and a node starts without the registry.",
      ),
    ],
    ["CKV_K8S_16", "no privileged containers"],
    ["CKV_K8S_17", "not the host's processes"],
    ["CKV_K8S_18", "not the host's IPC"],
    ["CKV_K8S_19", "not the host's network"],
    ["CKV_K8S_20", "no gain of privileges"],
    ["CKV_K8S_21", "not the default namespace"],
    ["CKV_K8S_22", "a read-only root"],
    ["CKV_K8S_23", "no root containers"],
    ["CKV_K8S_25", "no added capabilities"],
    ["CKV_K8S_26", "no ports of the host"],
    ["CKV_K8S_27", "not the socket of Docker"],
    ["CKV_K8S_28", "no raw network packets"],
    ["CKV_K8S_29", "a security context for pods"],
    ["CKV_K8S_30", "a security context for containers"],
    ["CKV_K8S_31", "the runtime's seccomp profile"],
    ["CKV_K8S_33", "no dashboard", TILLER],
    ["CKV_K8S_34", "no Tiller", TILLER],
    ["CKV_K8S_35", "secrets as files, not in the environment", SECRETS_IN_ENVIRONMENT],
    ["CKV_K8S_37", "no capabilities"],
    ["CKV_K8S_38", "tokens are mounted only where needed"],
    ["CKV_K8S_39", "not the capability SYS_ADMIN"],
    [
      "CKV_K8S_40",
      "a high user id",
      waived(DAY, "The number is the image's affair; ours are above 10,000, and root is refused by a rule."),
    ],
    ["CKV_K8S_41", "default service accounts mount no token"],
    ["CKV_K8S_42", "default service accounts have no roles", NO_RBAC],
    ["CKV_K8S_43", "images by digest"],
    ["CKV_K8S_44", "no service of Tiller", TILLER],
    ["CKV_K8S_45", "Tiller is not reachable", TILLER],
    ["CKV_K8S_49", "no wildcards in roles", NO_RBAC],
    ["CKV_K8S_152", "no Lua in annotations of NGINX", NO_INGRESS],
    ["CKV_K8S_153", "no snippets in annotations of NGINX", NO_INGRESS],
    ["CKV_K8S_154", "no alias in annotations of NGINX", NO_INGRESS],
    ["CKV_K8S_155", "few may change webhooks", NO_RBAC],
    ["CKV_K8S_156", "few may approve certificates", NO_RBAC],
    ["CKV_K8S_157", "few may bind roles", NO_RBAC],
    ["CKV_K8S_158", "few may escalate roles", NO_RBAC],
    ["CKV_K8S_159", "git-sync is not told what to run", notOurs("No stack runs git-sync.")],
    ["CKV2_K8S_1", "no way to more rights by role bindings", NO_RBAC],
    ["CKV2_K8S_2", "few may run commands in pods", NO_RBAC],
    ["CKV2_K8S_3", "nobody impersonates", NO_RBAC],
    ["CKV2_K8S_4", "nobody changes the status of services", NO_RBAC],
    ["CKV2_K8S_5", "nobody reads all secrets", NO_RBAC],
    ["CKV2_K8S_6", "every pod has a network policy"],
  ],
};
