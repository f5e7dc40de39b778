import type { ResourceModel } from "../model";
import { endpoints } from "./ec2/endpoints";
import { flowLogs } from "./ec2/flowLogs";
import { gateways } from "./ec2/gateways";
import { routes } from "./ec2/routes";
import { securityGroups } from "./ec2/securityGroups";
import { vpcs } from "./ec2/vpc";

/** Elastic Compute Cloud, as far as it makes networks. Its functions stand in account.ts. */
export const ec2: readonly ResourceModel[] = [
  ...vpcs,
  ...gateways,
  ...routes,
  ...securityGroups,
  ...endpoints,
  ...flowLogs,
];
