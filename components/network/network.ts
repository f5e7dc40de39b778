import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RetentionDays } from "../encryption/logGroup";
import { type Transform, transformed } from "../transform";
import { adoptedRange, checkAdopted } from "./adopted";
import { type InterfaceEndpoint, makeEndpoints, USUAL_ENDPOINTS } from "./endpoints";
import { makeFlowLogs } from "./flowLogs";
import { makeRouting } from "./routing";
import { makeVpc } from "./vpc";
import { firstZones } from "./zones";

/** Monthly costs are list prices of us-east-1 for 730 hours. */
export interface NetworkArgs {
  /** Make a VPC, or use one that is there. Going from one to the other replaces everything that stands in the network. */
  readonly mode: "create" | "adopt";
  /** The VPC to adopt; needed with `adopt`. It must have DNS support and DNS host names on. */
  readonly vpcId?: string;
  /** Its subnets for pods, each in another zone; needed with `adopt`. */
  readonly privateSubnetIds?: readonly string[];
  /** Its subnets for database and cache, each in another zone; needed with `adopt`. */
  readonly dataSubnetIds?: readonly string[];
  /** IPv4 range of the VPC that is made, /16 to /20. Default: 10.20.0.0/16. A change replaces the network. */
  readonly cidr?: string;
  /**
   * Zones in order. Default: the first of the region. A changed one replaces its subnets. One at the end only adds
   * here, but EKS takes no subnets of another zone later, and RDS Proxy is replaced: decide before the first `up`.
   */
  readonly zones?: readonly string[];
  /** How many zones to spread over when `zones` names none. Default: 3. */
  readonly zoneCount?: number;
  /**
   * Ways out of the private subnets: one for each zone, or one for all, whose zone they then depend on. About 36.50 USD a month
   * each with its address, and 0.045 USD for each GB.
   */
  readonly natGateways: "per-zone" | "single";
  /**
   * AWS services that get an address in the VPC. Default: those that pods and the rotation of passwords call
   * (USUAL_ENDPOINTS). About 7.30 USD a month for each service and zone: 131 USD for the default in three zones. Without any,
   * private subnets reach them through NAT and data subnets not at all. S3 and DynamoDB are always there and free.
   */
  readonly interfaceEndpoints?: readonly InterfaceEndpoint[];
  /** AWS account, twelve digits. */
  readonly accountId: pulumi.Input<string>;
  /** Region of the stack. */
  readonly region: string;
  /** Days that flow logs are kept. Default: a year. About 0.50 USD for each GB of them, and 1 USD a month for their key. */
  readonly flowLogDays?: RetentionDays;
  /** Protect VPC, subnets and the private zone from being deleted or replaced. */
  readonly deletionProtection: boolean;
  readonly transform?: {
    readonly vpc?: Transform<aws.ec2.VpcArgs>;
    readonly subnet?: Transform<aws.ec2.SubnetArgs>;
    readonly natGateway?: Transform<aws.ec2.NatGatewayArgs>;
    readonly endpoint?: Transform<aws.ec2.VpcEndpointArgs>;
    readonly flowLog?: Transform<aws.ec2.FlowLogArgs>;
    readonly zone?: Transform<aws.route53.ZoneArgs>;
  };
}

/** Where the other parts of a stack are placed. */
interface Place {
  readonly vpcId: pulumi.Output<string>;
  readonly cidr: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string>[];
  readonly privateSubnetIds: pulumi.Output<string>[];
  readonly dataSubnetIds: pulumi.Output<string>[];
  /** Zones of the data subnets; none of an adopted VPC, whose subnets only AWS knows. */
  readonly dataZones: pulumi.Output<string>[];
}

/**
 * The network of a stack: three kinds of subnets over the zones of a region, or a VPC that is there, and the private zone
 * `internal` in either case (S1-21). The zone costs 0.50 USD a month.
 */
export class Network extends pulumi.ComponentResource implements Place {
  readonly vpcId: pulumi.Output<string>;
  /** IPv4 range of the VPC. */
  readonly cidr: pulumi.Output<string>;
  /** For load balancers; none of an adopted VPC. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** For pods: the internet can be reached, and reaches nothing. */
  readonly privateSubnetIds: pulumi.Output<string>[];
  /** For database and cache: no way to the internet. */
  readonly dataSubnetIds: pulumi.Output<string>[];
  /** Zones of the data subnets; none of an adopted VPC, whose subnets only AWS knows. */
  readonly dataZones: pulumi.Output<string>[];
  /** Route 53 zone of the names that resolve inside only. */
  readonly internalZoneId: pulumi.Output<string>;
  readonly internalDomain = "internal";

  constructor(name: string, args: NetworkArgs, opts: pulumi.ComponentResourceOptions = {}) {
    checkAdopted(args);
    super("scaling-ladder:network:Network", name, { mode: args.mode, region: args.region }, opts);

    const place = args.mode === "create" ? this.create(name, args) : this.adopt(args);
    this.vpcId = place.vpcId;
    this.cidr = place.cidr;
    this.publicSubnetIds = place.publicSubnetIds;
    this.privateSubnetIds = place.privateSubnetIds;
    this.dataSubnetIds = place.dataSubnetIds;
    this.dataZones = place.dataZones;
    this.internalZoneId = this.makeInternalZone(name, args);
    this.registerOutputs({ vpcId: this.vpcId, cidr: this.cidr, internalZoneId: this.internalZoneId });
  }

  private create(name: string, args: NetworkArgs): Place {
    const { cidr = "10.20.0.0/16", transform = {}, region, accountId, natGateways, deletionProtection } = args;
    const zones = args.zones ?? firstZones(region, args.zoneCount ?? 3, { parent: this });

    const made = makeVpc(name, { cidr, zones, deletionProtection, transform }, this);
    const routeTables = makeRouting(name, { ...made, natGateways, transform }, this);
    const { interfaceEndpoints = USUAL_ENDPOINTS } = args;
    makeEndpoints(name, { ...made, region, cidr, interfaceEndpoints, routeTables, transform }, this);
    makeFlowLogs(
      name,
      { vpcId: made.vpc.id, accountId, region, days: args.flowLogDays, deletionProtection, transform },
      this,
    );

    const ids = (subnets: readonly aws.ec2.Subnet[]) => subnets.map(({ id }) => id);
    return {
      vpcId: made.vpc.id,
      cidr: made.vpc.cidrBlock,
      publicSubnetIds: ids(made.public),
      privateSubnetIds: ids(made.private),
      dataSubnetIds: ids(made.data),
      dataZones: made.data.map(({ availabilityZone }) => availabilityZone),
    };
  }

  private adopt({ vpcId = "", privateSubnetIds = [], dataSubnetIds = [], region }: NetworkArgs): Place {
    const vpc = aws.ec2.getVpcOutput({ id: vpcId, region }, { parent: this });
    const known = (ids: readonly string[]) => ids.map((id) => pulumi.output(id));
    return {
      vpcId: pulumi.output(vpcId),
      cidr: vpc.apply(adoptedRange),
      publicSubnetIds: [],
      privateSubnetIds: known(privateSubnetIds),
      dataSubnetIds: known(dataSubnetIds),
      dataZones: [],
    };
  }

  private makeInternalZone(
    name: string,
    { region, transform, deletionProtection }: NetworkArgs,
  ): pulumi.Output<string> {
    const defaults: aws.route53.ZoneArgs = {
      name: this.internalDomain,
      comment: `Private names of stack ${pulumi.getStack()}`,
      vpcs: [{ vpcId: this.vpcId, vpcRegion: region }],
    };
    return new aws.route53.Zone(`${name}-internal`, transformed(defaults, transform?.zone), {
      parent: this,
      protect: deletionProtection,
    }).zoneId;
  }
}
