import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { MAX_CONNECTIONS } from "../../catalogue/connectionLimits";
import type { CatalogueName } from "../../settings";
import { UserError } from "../../settings/errors";
import { physicalName } from "../aws/naming";
import { EncryptionKey } from "../encryption/key";
import type { PostgresqlEndpoint } from "../endpoints";
import type { Transform } from "../transform";
import { instanceClassFor, type Machine, machineOf } from "./instanceClasses";
import type { Tuning } from "./parameters";
import { type DatabaseAccess, databaseAccess, PORT } from "./rdsAccess";
import { copyBackups } from "./rdsBackupCopy";
import { type DatabaseCredentials, databaseCredentials, masterVersion, presentMaster } from "./rdsCredentials";
import { databaseInstances, type Instances, type InstanceTransforms } from "./rdsInstances";
import { type DatabaseProxy, databaseProxy } from "./rdsProxy";
import { rotateMaster } from "./rdsRotation";
import { instanceNames, logGroupNames } from "./rdsShared";
import { type RestoreSource, restoreInstructions } from "./restore";

export interface RdsDatabaseArgs {
  /** Logical database that the application connects to. Its role has the same name (S1-11); the bootstrap makes both. */
  readonly databaseName: CatalogueName;
  /** Major version (C-07). Raising it upgrades in place, with minutes of downtime; AWS refuses to lower it. */
  readonly version: 15 | 16;
  /** vCPUs and memory that are needed (C-05). */
  readonly size: Machine;
  /**
   * Class of every instance. Default: the smallest that has `size`. Changed in place: an outage of a failover (60–120 s) with
   * `multiAz`, of some minutes without. The largest part of the cost.
   */
  readonly instanceClass?: string | undefined;
  /** Storage at birth, GiB. It grows and never shrinks. Charged for each instance, and for the standby. */
  readonly storageGiB: number;
  /** GiB up to which storage grows by itself; at least a tenth above `storageGiB`. */
  readonly maxStorageGiB: number;
  /** A standby in another zone, with failover in 60–120 s (C-06). Doubles the cost of the primary. Changed in place. */
  readonly multiAz: boolean;
  /** Read replicas, 0 to 5 (C-34). Each costs as much as a primary without standby. */
  readonly replicas: number;
  /**
   * Zones of the data subnets. A replica goes into another zone than the primary has when the replica is made, and stays.
   * Default: AWS chooses, and may choose the same zone for all.
   */
  readonly zones?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The nine documented values (C-33), or the same scaled to the machine. What needs a restart waits for the next one. */
  readonly tuning: Tuning;
  /** Days of point-in-time recovery, 1 to 35: 7 at smb, 35 from enterprise on (C-39). Changed in place. */
  readonly pitrDays: number;
  /** Weekly, UTC, such as `sun:05:00-sun:06:00`; clear of 03:00–04:00, when backups are made. Changed in place. */
  readonly maintenanceWindow: string;
  /** Days between rotations of the master password. Changed in place. */
  readonly rotationDays: number;
  /** RDS Proxy before the writer (C-32). Charged by the vCPU of the primary. Switching it moves the writer's address. */
  readonly pooler: boolean;
  /** Clients in the pool of one application process (S4-27). */
  readonly poolMax: number;
  /** What the primary begins from. Read when it is made and never again. */
  readonly restore?: RestoreSource | undefined;
  /** The engine's protection and the cloud's own, for all that holds data. */
  readonly deletionProtection: boolean;
  readonly vpcId: pulumi.Input<string>;
  /** Data subnets, in two zones or more. The group can change, its zones must keep holding the instances. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Private subnets with a way to AWS's own services, for the proxy and the rotation. Changing them replaces the proxy. */
  readonly poolerSubnetIds: readonly pulumi.Input<string>[];
  /** Range of addresses that may connect, such as the VPC's. Changed in place. */
  readonly allowFrom: { readonly cidr: pulumi.Input<string> };
  /** AWS account, twelve digits. */
  readonly accountId: pulumi.Input<string>;
  readonly region: string;
  /** Region that keeps copies of the automated backups (C-39). Default: none are made. */
  readonly secondaryRegion?: string | undefined;
  readonly transform?: InstanceTransforms & { readonly proxy?: Transform<aws.rds.ProxyArgs> };
}

/** A reader, as the DNS names it. */
export interface Reader {
  /** `replica-1`, … */
  readonly key: string;
  readonly host: pulumi.Output<string>;
}

/** PostgreSQL on RDS: a primary, its read replicas, a proxy before the writer, credentials, and backups that outlive them. */
export class RdsDatabase extends pulumi.ComponentResource {
  /** Host is the proxy where there is one. `sslmode` is `require`: the server refuses anything else (`rds.force_ssl`). */
  readonly endpoint: PostgresqlEndpoint;
  readonly readerHosts: readonly Reader[];
  /** Address of the primary itself, past the proxy: for migrations, dumps and replication. */
  readonly writerAddress: pulumi.Output<string>;
  readonly primaryIdentifier: string;
  readonly replicaIdentifiers: readonly string[];
  readonly proxyName?: string;
  readonly primaryArn: pulumi.Output<string>;
  /** The master as its secret has it at each run. The password is secret. */
  readonly master: { readonly username: pulumi.Output<string>; readonly password: pulumi.Output<string> };
  /** Secret of the master user: engine, host, port, username, password. Only its present value is right, for it is rotated. */
  readonly masterSecretArn: pulumi.Output<string>;
  /** The key of storage, secrets, insights and logs. */
  readonly keyArn: pulumi.Output<string>;
  /** Secret of the application's role. */
  readonly appSecretArn: pulumi.Output<string>;
  /** Group of the instances. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Of each instance, first those of the primary: `postgresql`, `upgrade`. */
  readonly logGroupNames: readonly string[];
  /** The same as resources: whoever puts filters on them depends on them. */
  readonly logGroups: readonly aws.cloudwatch.LogGroup[];
  readonly instanceClass: string;
  /** What that class has. */
  readonly machine: Machine;
  readonly maxConnections = MAX_CONNECTIONS;
  readonly restoreInstructions: string;

  constructor(name: string, args: RdsDatabaseArgs, opts: pulumi.ComponentResourceOptions = {}) {
    validate(args);
    const { databaseName, version, tuning } = args;
    super("scaling-ladder:database:RdsDatabase", name, { kind: "postgresql", databaseName, version, tuning }, opts);
    const [primaryName, ...replicaNames] = instanceNames(args.replicas);
    const finalSnapshot = physicalName("snapshot", "database-final");
    this.instanceClass = args.instanceClass ?? instanceClassFor(args.size);
    this.machine = machineOf(this.instanceClass) ?? args.size;

    const key = this.makeKey(name, args);
    const access = databaseAccess(name, { ...args, clients: args.allowFrom.cidr }, { parent: this });
    const credentials = databaseCredentials(name, { ...args, keyArn: key.arn }, { parent: this });
    const instances = databaseInstances(
      name,
      {
        ...args,
        instanceClass: this.instanceClass,
        machine: this.machine,
        finalSnapshot,
        keyArn: key.arn,
        securityGroupId: access.database.id,
        master: credentials.master,
      },
      { parent: this },
    );
    const firstVersion = this.rotate(name, args, key, access, credentials, instances);
    const proxy = this.makeProxy(name, args, key, access, credentials, instances);
    this.copy(name, args, instances);

    this.endpoint = this.endpointOf(args, credentials, instances, proxy);
    this.readerHosts = instances.replicas.map(({ address }, index) => ({
      key: replicaNames[index]?.key ?? "",
      host: address,
    }));
    this.writerAddress = instances.primary.address;
    this.primaryIdentifier = primaryName.identifier;
    this.replicaIdentifiers = replicaNames.map(({ identifier }) => identifier);
    if (proxy !== undefined) this.proxyName = proxy.name;
    this.primaryArn = instances.primary.arn;
    this.keyArn = key.arn;
    this.master = presentMaster(firstVersion, { parent: this });
    this.masterSecretArn = credentials.master.secret.arn;
    this.appSecretArn = credentials.app.secret.arn;
    this.securityGroupId = access.database.id;
    this.logGroupNames = [primaryName, ...replicaNames].flatMap(logGroupNames);
    this.logGroups = instances.logGroups;
    this.restoreInstructions = restoreInstructions({
      ...args,
      stack: pulumi.getStack(),
      primaryIdentifier: primaryName.identifier,
      finalSnapshot,
    });
    this.registerOutputs({ host: this.endpoint.host, writerAddress: this.writerAddress, primaryArn: this.primaryArn });
  }

  /** One key for storage, insights, secrets and logs of this database. */
  private makeKey(name: string, { accountId, region, deletionProtection }: RdsDatabaseArgs): EncryptionKey {
    return new EncryptionKey(
      `${name}-key`,
      { purpose: "database", accountId, region, services: ["logs"], deletionProtection, keepAfterDestroy: true },
      { parent: this },
    );
  }

  private rotate(
    name: string,
    { region, poolerSubnetIds, rotationDays }: RdsDatabaseArgs,
    key: EncryptionKey,
    access: DatabaseAccess,
    { master }: DatabaseCredentials,
    { primary }: Instances,
  ): aws.secretsmanager.SecretVersion {
    const firstVersion = masterVersion(name, master, primary, { parent: this });
    const settings = { region, subnetIds: poolerSubnetIds, securityGroupId: access.rotation.id, keyArn: key.arn };
    rotateMaster(name, { ...settings, secret: master.secret, firstVersion, rotationDays }, { parent: this });
    return firstVersion;
  }

  private makeProxy(
    name: string,
    { region, poolerSubnetIds, transform }: RdsDatabaseArgs,
    key: EncryptionKey,
    access: DatabaseAccess,
    credentials: DatabaseCredentials,
    { primary }: Instances,
  ): DatabaseProxy | undefined {
    if (access.proxy === undefined) return undefined;
    const settings = { region, subnetIds: poolerSubnetIds, securityGroupId: access.proxy.id, keyArn: key.arn };
    return databaseProxy(name, { ...settings, credentials, primary, transform: transform?.proxy }, { parent: this });
  }

  private copy(name: string, { secondaryRegion, ...args }: RdsDatabaseArgs, { primary }: Instances): void {
    if (secondaryRegion === undefined) return;
    copyBackups(name, { ...args, secondaryRegion, primaryArn: primary.arn }, { parent: this });
  }

  private endpointOf(
    { databaseName, poolMax }: RdsDatabaseArgs,
    { app }: DatabaseCredentials,
    { primary, replicas }: Instances,
    proxy: DatabaseProxy | undefined,
  ): PostgresqlEndpoint {
    const [reader] = replicas;
    return {
      kind: "postgresql",
      host: proxy?.endpoint ?? primary.address,
      port: PORT,
      ...(reader === undefined ? {} : { readerHost: reader.address }),
      name: databaseName,
      username: pulumi.output(app.username),
      password: app.password,
      sslmode: "require",
      poolMax,
    };
  }
}

/** What the settings leave open, because it depends on their defaults. */
function validate({ storageGiB, maxStorageGiB, replicas, subnetIds, poolerSubnetIds }: RdsDatabaseArgs): void {
  if (maxStorageGiB < storageGiB * 1.1)
    throw new UserError(
      `database.maxStorageGiB is ${maxStorageGiB}; AWS wants at least a tenth more than database.storageGiB (${storageGiB}): ${Math.ceil(storageGiB * 1.1)} or more.`,
    );
  if (!Number.isInteger(replicas) || replicas < 0 || replicas > 5)
    throw new UserError(`database.replicas is ${replicas}; allowed are 0 to 5.`);
  if (subnetIds.length < 2 || poolerSubnetIds.length < 2)
    throw new UserError("A database needs data subnets and private subnets in two zones or more.");
}
