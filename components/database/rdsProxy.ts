import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { policyDocument, trustOf } from "../aws/policyDocument";
import { encryptedLogGroup } from "../encryption/logGroup";
import { type Transform, transformed } from "../transform";
import type { DatabaseCredentials } from "./rdsCredentials";

export interface ProxyArgs {
  readonly region: string;
  /** Private subnets, in two zones or more. Changing them replaces the proxy. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  readonly credentials: DatabaseCredentials;
  readonly primary: aws.rds.Instance;
  readonly transform?: Transform<aws.rds.ProxyArgs> | undefined;
}

export interface DatabaseProxy {
  readonly name: string;
  /** Known once the proxy has its target: whoever connects earlier would be refused. */
  readonly endpoint: pulumi.Output<string>;
}

/** Connections that the proxy may open, in % of `max_connections`: the rest is for readers, migrations and people. */
const MAX_CONNECTIONS_PERCENT = 80;

/**
 * RDS Proxy before the writer: clients share its connections by transaction (C-32). It serves no readers, for with RDS instances it
 * has no read-only endpoint. Charged by the vCPU of the primary.
 */
export function databaseProxy(name: string, args: ProxyArgs, opts: pulumi.CustomResourceOptions): DatabaseProxy {
  const proxyName = physicalName("dbProxy", "database");
  const { role, permissions } = proxyRole(`${name}-proxy`, args, opts);
  const logs = encryptedLogGroup(
    `${name}-proxy-logs`,
    { logGroupName: `/aws/rds/proxy/${proxyName}`, keyArn: args.keyArn },
    opts,
  );
  const { master, app, appVersion } = args.credentials;
  const defaults: aws.rds.ProxyArgs = {
    name: proxyName,
    engineFamily: "POSTGRESQL",
    requireTls: true,
    roleArn: role.arn,
    vpcSubnetIds: [...args.subnetIds],
    vpcSecurityGroupIds: [args.securityGroupId],
    idleClientTimeout: 1800,
    auths: [app, master].map(({ secret, username }) => ({
      authScheme: "SECRETS",
      clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
      description: `Credentials of ${username}`,
      iamAuth: "DISABLED",
      secretArn: secret.arn,
    })),
    tags: { Name: proxyName },
  };
  const proxy = new aws.rds.Proxy(`${name}-proxy`, transformed(defaults, args.transform), {
    ...opts,
    dependsOn: [permissions, appVersion, logs],
  });
  const target = attach(name, proxy, args.primary, opts);
  return { name: proxyName, endpoint: pulumi.all([proxy.endpoint, target.id]).apply(([endpoint]) => endpoint) };
}

/** The proxy lends its connections out to the primary. */
function attach(name: string, proxy: aws.rds.Proxy, primary: aws.rds.Instance, opts: pulumi.CustomResourceOptions) {
  const group = new aws.rds.ProxyDefaultTargetGroup(
    `${name}-proxy-pool`,
    {
      dbProxyName: proxy.name,
      connectionPoolConfig: {
        maxConnectionsPercent: MAX_CONNECTIONS_PERCENT,
        maxIdleConnectionsPercent: 40,
        // Seconds. A client that waits longer is better told so, and its alert raised, than kept hanging.
        connectionBorrowTimeout: 10,
      },
    },
    opts,
  );
  return new aws.rds.ProxyTarget(
    `${name}-proxy-target`,
    { dbProxyName: proxy.name, targetGroupName: group.name, dbInstanceIdentifier: primary.identifier },
    opts,
  );
}

/** The proxy may read exactly the two secrets, and decrypt with the key only on behalf of Secrets Manager. */
function proxyRole(name: string, { region, keyArn, credentials }: ProxyArgs, opts: pulumi.CustomResourceOptions) {
  const role = new aws.iam.Role(
    `${name}-role`,
    { name: physicalName("iamRole", "database-proxy"), assumeRolePolicy: trustOf("rds.amazonaws.com") },
    opts,
  );
  const permissions = new aws.iam.RolePolicy(
    `${name}-permissions`,
    {
      name: "read-credentials",
      role: role.name,
      policy: policyDocument(
        {
          Sid: "ReadCredentials",
          Effect: "Allow",
          Action: "secretsmanager:GetSecretValue",
          Resource: [credentials.master.secret.arn, credentials.app.secret.arn],
        },
        {
          Sid: "DecryptCredentials",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: keyArn,
          Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
        },
      ),
    },
    opts,
  );
  return { role, permissions };
}
