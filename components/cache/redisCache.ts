import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { EncryptionKey } from "../encryption/key";
import { encryptedLogGroup } from "../encryption/logGroup";
import type { CacheEndpoint } from "../endpoints";
import { type Transform, transformed } from "../transform";
import { REDIS_ENGINES, type RedisEngineName } from "./redisEngine";
import { checkTopology, isClustered, memberIds, type RedisTopology, survivesANode } from "./redisTopology";
import { RedisUsers } from "./redisUsers";
import { checkWindows, DEFAULT_WINDOWS } from "./redisWindows";

export interface RedisCacheArgs {
  /** Redis becomes Valkey in place; the way back makes a new cache (C-29). */
  readonly engine: RedisEngineName;
  /**
   * One group of nodes, or shards. Numbers change in place; changing from one to the other needs a new cache. The monthly cost is
   * the price of the node type for each node (nodeCount), S4-52.
   */
  readonly topology: RedisTopology;
  /** Node type such as `cache.m7g.large` (cacheNodeType). Changed in place, online. */
  readonly nodeType: pulumi.Input<string>;
  /** `required`, or `preferred` only while clients move over. Changed in place. */
  readonly tls: "required" | "preferred";
  /** Days that a daily snapshot is kept, 1 to 35 (S1-84). */
  readonly snapshotDays: number;
  /** What is forgotten when the memory is full. Changed in place. */
  readonly maxmemoryPolicy: string;
  /** Weekly, in UTC, at least an hour and outside the snapshot's (04:00 to 05:00). Default: `sun:06:00-sun:07:00`. */
  readonly maintenanceWindow?: string;
  /** Changing it replaces the security group and cannot move the cache. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in as many zones as there are. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Who may reach the port: the address range of the network. */
  readonly allowFrom: { readonly cidr: pulumi.Input<string> };
  readonly accountId: pulumi.Input<string>;
  readonly region: string;
  /** Protect cache and key from being deleted by the engine. ElastiCache itself has no such protection. */
  readonly deletionProtection: boolean;
  readonly transform?: {
    readonly replicationGroup?: Transform<aws.elasticache.ReplicationGroupArgs>;
    readonly parameterGroup?: Transform<aws.elasticache.ParameterGroupArgs>;
    readonly securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
  };
}

const PORT = 6379;
/** Per cent of a node's memory for snapshots and failover; the value that AWS recommends. */
const RESERVED_MEMORY_PERCENT = "25";
const LOG_TYPES = ["slow-log", "engine-log"];

/**
 * Cache and sessions in ElastiCache (S1-35, S1-36): encrypted at rest and on the wire, with a user of its own, over several zones,
 * saved every day. Shards from tier enterprise on (S1-90).
 */
export class RedisCache extends pulumi.ComponentResource {
  readonly endpoint: Exclude<CacheEndpoint, { readonly kind: "memory" }>;
  readonly replicationGroupId: string;
  /** Names of the nodes, as metrics have them. */
  readonly memberIds: readonly string[];
  readonly nodeType: pulumi.Output<string>;
  /** The secret that holds user name and password. */
  readonly secretArn: pulumi.Output<string>;

  constructor(name: string, args: RedisCacheArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { engine, topology, accountId, region, deletionProtection } = args;
    checkTopology(topology);
    checkWindows({ ...DEFAULT_WINDOWS, maintenance: args.maintenanceWindow ?? DEFAULT_WINDOWS.maintenance });
    super("scaling-ladder:cache:RedisCache", name, { engine, topology }, opts);

    this.replicationGroupId = physicalName("cacheCluster", "cache");
    this.memberIds = memberIds(this.replicationGroupId, topology);

    const key = new EncryptionKey(
      `${name}-encryption`,
      { purpose: "cache", accountId, region, services: ["logs"], deletionProtection, keepAfterDestroy: true },
      { parent: this },
    );
    const users = new RedisUsers(`${name}-users`, { keyArn: key.arn }, { parent: this });
    const group = this.makeGroup(name, args, {
      kmsKeyId: key.arn,
      userGroupIds: [users.userGroupId],
      subnetGroupName: this.makeSubnetGroup(name, args).name,
      parameterGroupName: this.makeParameterGroup(name, args).name,
      securityGroupIds: [this.makeSecurityGroup(name, args).id],
      logDeliveryConfigurations: this.makeLogs(name, key.arn),
    });

    this.endpoint = {
      kind: engine,
      host: isClustered(topology) ? group.configurationEndpointAddress : group.primaryEndpointAddress,
      port: PORT,
      tls: true,
      username: users.username,
      password: users.password,
    };
    this.nodeType = group.nodeType;
    this.secretArn = users.secretArn;
    this.registerOutputs({ host: this.endpoint.host, replicationGroupId: this.replicationGroupId });
  }

  private makeGroup(
    name: string,
    { engine, topology, tls, ...args }: RedisCacheArgs,
    parts: Partial<aws.elasticache.ReplicationGroupArgs>,
  ): aws.elasticache.ReplicationGroup {
    const defaults: aws.elasticache.ReplicationGroupArgs = {
      ...parts,
      replicationGroupId: this.replicationGroupId,
      description: `Cache and sessions of stack ${pulumi.getStack()}`,
      engine,
      engineVersion: REDIS_ENGINES[engine].version,
      nodeType: args.nodeType,
      port: PORT,
      ...(isClustered(topology)
        ? { numNodeGroups: topology.shards, replicasPerNodeGroup: topology.replicasPerShard }
        : { numCacheClusters: topology.nodes }),
      automaticFailoverEnabled: survivesANode(topology),
      multiAzEnabled: survivesANode(topology),
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: tls,
      snapshotRetentionLimit: args.snapshotDays,
      snapshotWindow: DEFAULT_WINDOWS.snapshot,
      finalSnapshotIdentifier: `${this.replicationGroupId}-final`,
      maintenanceWindow: args.maintenanceWindow ?? DEFAULT_WINDOWS.maintenance,
      autoMinorVersionUpgrade: true,
      // A change that waited for the window would be told as done, and would come again in the next preview.
      applyImmediately: true,
    };
    return new aws.elasticache.ReplicationGroup(
      `${name}-group`,
      transformed(defaults, args.transform?.replicationGroup),
      { parent: this, protect: args.deletionProtection },
    );
  }

  private makeParameterGroup(name: string, { engine, topology, maxmemoryPolicy, transform }: RedisCacheArgs) {
    const { family } = REDIS_ENGINES[engine];
    const clustered = isClustered(topology);
    const defaults: aws.elasticache.ParameterGroupArgs = {
      // Family and mode cannot be changed; as parts of the name they let the new group stand beside the old one.
      name: physicalName("parameterGroup", `cache-${family}${clustered ? "-cluster" : ""}`),
      family,
      description: "Parameters of the cache",
      parameters: [
        { name: "cluster-enabled", value: clustered ? "yes" : "no" },
        { name: "maxmemory-policy", value: maxmemoryPolicy },
        { name: "reserved-memory-percent", value: RESERVED_MEMORY_PERCENT },
      ],
    };
    return new aws.elasticache.ParameterGroup(`${name}-parameters`, transformed(defaults, transform?.parameterGroup), {
      parent: this,
    });
  }

  private makeSubnetGroup(name: string, { subnetIds }: RedisCacheArgs): aws.elasticache.SubnetGroup {
    return new aws.elasticache.SubnetGroup(
      `${name}-subnets`,
      { name: physicalName("subnetGroup", "cache"), description: "Subnets of the cache", subnetIds },
      { parent: this },
    );
  }

  private makeSecurityGroup(name: string, { vpcId, allowFrom, transform }: RedisCacheArgs): aws.ec2.SecurityGroup {
    const groupName = physicalName("securityGroup", "cache");
    const defaults: aws.ec2.SecurityGroupArgs = {
      name: groupName,
      description: "Who may reach the cache",
      vpcId,
      tags: { Name: groupName },
    };
    const group = new aws.ec2.SecurityGroup(`${name}-security-group`, transformed(defaults, transform?.securityGroup), {
      parent: this,
    });
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-from-network`,
      {
        securityGroupId: group.id,
        description: "Redis protocol from the network",
        ipProtocol: "tcp",
        fromPort: PORT,
        toPort: PORT,
        cidrIpv4: allowFrom.cidr,
      },
      { parent: this },
    );
    return group;
  }

  private makeLogs(name: string, keyArn: pulumi.Output<string>) {
    return LOG_TYPES.map((logType) => {
      const group = encryptedLogGroup(
        `${name}-${logType}`,
        { logGroupName: `/aws/elasticache/${this.replicationGroupId}/${logType}`, keyArn },
        { parent: this },
      );
      return { destination: group.name, destinationType: "cloudwatch-logs", logFormat: "json", logType };
    });
  }
}
