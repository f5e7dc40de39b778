import type { RuleInfo } from "../policy/rule";

/**
 * Our rules that make the same demand as a check of kube-score, which has names and no ids. For Checkov the rules say so
 * themselves, in their `ids`.
 */
const KUBE_SCORE: Readonly<Record<string, string>> = {
  "container-image-tag": "k8s-image-pinned",
  "container-resources": "k8s-resources",
  "container-security-context-privileged": "k8s-baseline",
  "container-security-context-readonlyrootfilesystem": "k8s-readonly-root",
  "container-security-context-user-group-id": "k8s-restricted",
  "cronjob-has-deadline": "cronjob-bounded",
  "pod-probes": "k8s-probes",
  "pod-probes-identical": "k8s-probes",
  "service-type": "k8s-exposure",
};

/** The names of the rules that make the same demand as a check of Checkov or kube-score. */
export function rulesFor(check: string, rules: readonly RuleInfo[]): readonly string[] {
  const also = KUBE_SCORE[check];
  return rules.filter(({ name, ids }) => ids.includes(check) || name === also).map(({ name }) => name);
}

/** The rules that the table names, for a check that all of them exist. */
export const demandedRules = (): readonly string[] => [...new Set(Object.values(KUBE_SCORE))];
