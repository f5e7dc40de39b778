import { byType, type ProviderModel } from "../model";
import { core } from "./core";
import { networking } from "./networking";
import { workloads } from "./workloads";

/** The simulated API server of Kubernetes, with what `pulumi-kubernetes` adds to it. */
export const kubernetes: ProviderModel = {
  name: "kubernetes",
  version: "4.34.2",
  resources: byType([...core, ...workloads, ...networking]),
  invokes: new Map(),
};
