import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";

export const PORT = 5432;

export interface DatabaseAccessArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Range of addresses that may connect: the VPC's, or the pods' subnets. Changed in place. */
  readonly clients: pulumi.Input<string>;
  /** Whether a proxy stands before the writer. */
  readonly pooler: boolean;
}

/** Who may talk to whom. Nothing but PostgreSQL's port comes in, and the database opens no connection itself. */
export interface DatabaseAccess {
  readonly database: aws.ec2.SecurityGroup;
  readonly rotation: aws.ec2.SecurityGroup;
  readonly proxy?: aws.ec2.SecurityGroup;
}

type Options = pulumi.CustomResourceOptions;

export function databaseAccess(name: string, args: DatabaseAccessArgs, opts: Options): DatabaseAccess {
  const group = (part: string, description: string) =>
    new aws.ec2.SecurityGroup(
      `${name}-${part}-access`,
      {
        name: physicalName("securityGroup", part),
        description,
        vpcId: args.vpcId,
        tags: { Name: physicalName("securityGroup", part) },
      },
      opts,
    );
  const database = group("database", "PostgreSQL: primary and replicas");
  const rotation = group("rotation", "Function that rotates the master password");
  const proxy = args.pooler ? group("proxy", "RDS Proxy before the writer") : undefined;

  // Readers and migrations connect to the instances themselves, with a proxy or without.
  clientsMay(`${name}-from-clients`, database, args.clients, opts);
  mayReach(`${name}-rotation`, rotation, database, opts);
  httpsOut(`${name}-rotation-to-api`, rotation, opts);
  if (proxy === undefined) return { database, rotation };
  clientsMay(`${name}-proxy-from-clients`, proxy, args.clients, opts);
  mayReach(`${name}-proxy`, proxy, database, opts);
  return { database, rotation, proxy };
}

const postgresql = { ipProtocol: "tcp", fromPort: PORT, toPort: PORT };

const clientsMay = (name: string, to: aws.ec2.SecurityGroup, cidrIpv4: pulumi.Input<string>, opts: Options) =>
  new aws.vpc.SecurityGroupIngressRule(
    name,
    { securityGroupId: to.id, cidrIpv4, ...postgresql, description: "PostgreSQL from clients" },
    opts,
  );

/** A connection takes a rule at both ends. */
function mayReach(name: string, from: aws.ec2.SecurityGroup, to: aws.ec2.SecurityGroup, opts: Options): void {
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-to-database`,
    { securityGroupId: from.id, referencedSecurityGroupId: to.id, ...postgresql, description: "PostgreSQL" },
    opts,
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-into-database`,
    { securityGroupId: to.id, referencedSecurityGroupId: from.id, ...postgresql, description: "PostgreSQL" },
    opts,
  );
}

/** The function calls Secrets Manager, by its interface endpoint or through the NAT: its addresses are not known ahead. */
const httpsOut = (name: string, from: aws.ec2.SecurityGroup, opts: Options) =>
  new aws.vpc.SecurityGroupEgressRule(
    name,
    {
      securityGroupId: from.id,
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      description: "Secrets Manager API",
    },
    opts,
  );
