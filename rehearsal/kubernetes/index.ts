import { byType, type ProviderModel } from "../model";
import { cnpg } from "./cnpg";
import { core } from "./core";
import { helm } from "./helm";
import { monitoring } from "./monitoring";
import { networking } from "./networking";
import { quota } from "./quota";
import { stateful } from "./stateful";
import { workloads } from "./workloads";

/** The simulated API server of Kubernetes, with what `pulumi-kubernetes` adds to it. */
export const kubernetes: ProviderModel = {
  name: "kubernetes",
  version: "4.34.2",
  resources: byType([...core, ...cnpg, ...workloads, ...networking, ...monitoring, ...helm, ...quota, ...stateful]),
  invokes: new Map(),
};
