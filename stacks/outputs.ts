import type { Input, Output } from "@pulumi/pulumi";
import type { KubernetesApp } from "../components/app/kubernetesApp";
import type { EnterpriseSettings, SmbSettings, TierName } from "../settings";

/** What every stack tells, whatever its tier: `pulumi stack output` shows it, and the parts of later tiers fit in. */
export interface StackOutputs {
  readonly tier: TierName;
  readonly database: Readonly<Record<string, Input<string | number>>>;
  readonly files: Readonly<Record<string, Input<string | number>>>;
  readonly cache: Readonly<Record<string, Input<string | number>>>;
  readonly app: Readonly<Record<string, Input<string | number>>>;
  /** The application's environment variables; secret as a whole. */
  readonly contract: Output<Record<string, string>>;
  readonly backups: Readonly<Record<string, Input<string | number>>>;
}

/** What is told of an application that is a Deployment. */
export const appOutputs = (
  { namespace, deploymentName, serviceName }: KubernetesApp,
  { app }: SmbSettings | EnterpriseSettings,
): StackOutputs["app"] => ({
  namespace,
  deployment: deploymentName,
  service: serviceName,
  port: app.port,
  replicas: app.replicas,
});
