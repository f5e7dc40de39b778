import type { Rule } from "../../rule";
import { k8sBaseline } from "./baseline";
import { cloudNativePgRules } from "./cloudNativePg";
import { containerRules } from "./containers";
import { cronJobBounded } from "./cronJobs";
import { k8sExposure } from "./exposure";
import { identityRules } from "./identity";
import { imageRules } from "./images";
import { k8sRestricted } from "./restricted";
import { k8sNoSecretEnv } from "./secrets";
import { workloadComplete } from "./workload";

/** What is asked of Kubernetes' objects. */
export const kubernetesRules: readonly Rule[] = [
  k8sBaseline,
  k8sRestricted,
  ...containerRules,
  ...imageRules,
  ...identityRules,
  k8sNoSecretEnv,
  k8sExposure,
  cronJobBounded,
  workloadComplete,
  ...cloudNativePgRules,
];
