import { z } from "zod";
import { count } from "./fields";

/** Groups of settings that only a tier with cloud resources has. */

export const alerts = z.strictObject({
  recipients: z
    .array(z.union([z.email(), z.url({ protocol: /^https$/ })]))
    .default([])
    .describe("E-mail addresses and HTTPS endpoints that receive alerts. Each confirms its subscription once."),
  slack: z
    .strictObject({
      workspaceId: z
        .string()
        .regex(/^T[0-9A-Z]{1,255}$/)
        .describe("Slack workspace, authorised once in the AWS console."),
      channelId: z
        .string()
        .regex(/^[CG][0-9A-Z]{1,255}$/)
        .describe("Slack channel that receives alerts."),
    })
    .optional()
    .describe("Chat channel that receives alerts, through the AWS chat service. Default: none."),
});

export const budget = z.strictObject({
  monthlyUsd: count(
    1,
    10_000_000,
    "Monthly budget in US dollars. Default: the upper end of the tier's band.",
  ).optional(),
});

const subnetIds = (what: string, min: number) =>
  z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/))
    .min(min)
    .optional()
    .meta({ description: what, allowed: `${min} or more subnet ids, each in another zone` });

export const network = z.strictObject({
  mode: z.enum(["create", "adopt"]).default("create").describe("Make a VPC, or use an existing one."),
  vpcId: z
    .string()
    .regex(/^vpc-[0-9a-f]{8,17}$/)
    .optional()
    .describe("The VPC to adopt; needed with `mode: adopt` and forbidden otherwise."),
  privateSubnetIds: subnetIds("Subnets of the adopted VPC for pods; needed with `mode: adopt`.", 2),
  dataSubnetIds: subnetIds("Subnets of the adopted VPC for database and cache; needed with `mode: adopt`.", 2),
  cidr: z
    .cidrv4()
    // A text that is no range at all has been told so already.
    .refine((cidr) => !/\/\d+$/.test(cidr) || /\/(1[6-9]|20)$/.test(cidr), {
      error: "must have a prefix from /16 to /20",
    })
    .default("10.20.0.0/16")
    .meta({
      description: "Address range of the VPC that is made. Changing it replaces the network.",
      allowed: "an IPv4 range from /16 to /20 such as 10.20.0.0/16",
    }),
  zones: z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/))
    .min(2)
    .max(3)
    .optional()
    .meta({
      description:
        "Availability zones, in order. Default: the first three of the region. Changing one replaces its subnets; write them down before an account of many years gets a new zone.",
      allowed: "two or three zones such as us-east-1a",
    }),
  natGateways: z
    .enum(["per-zone", "single"])
    .optional()
    .describe("Ways out to the internet: one for each zone, or one for all. Default: single at smb, per-zone above."),
});

export const cluster = z.strictObject({
  mode: z
    .enum(["existing", "create"])
    .default("existing")
    .describe("Use a Kubernetes cluster that is there, or make an EKS cluster (Auto Mode)."),
  context: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .describe("Context of the kubeconfig to use. Default: its current context."),
  kubeconfig: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Contents of a kubeconfig. Secret: set it with `pulumi config set --secret --path`. Default: the file that KUBECONFIG or the home folder names.",
    ),
  version: z
    .string()
    .regex(/^1\.(3[2-9]|[4-9]\d)$/)
    .default("1.35")
    .meta({
      description: "Kubernetes version of an EKS cluster that is made. It can be raised by one, never lowered.",
      allowed: "a minor version such as 1.35",
    }),
  endpointCidrs: z
    .array(z.cidrv4())
    .default([])
    .describe("Address ranges that may reach the EKS endpoint from outside. Default: none; it is private."),
});
