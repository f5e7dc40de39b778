import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { AWS_IMAGE } from "../backup/jobPod";
import { waysTo } from "../backup/store";
import { labelsOf } from "../kubernetes/labels";
import { checksumOf, secretData } from "../kubernetes/secretData";
import { type Transform, transformed } from "../transform";
import { MasterAccess } from "./masterAccess";
import { NODE_IMAGE, type SchemaPod, schemaJobSpec } from "./migrationPod";
import { MIGRATION_APP, PLAN_FILE } from "./names";
import { type MigratedDatabase, migrationFiles, neededPasswords, type PlanFiles } from "./plan";
import { programFiles, programMap, shortHash } from "./program";
import { isSecretKey, type MigrationServer, type SecretKey } from "./server";

/** Tries beside the first one; ours. Kubernetes waits 10 s, 20 s, 40 s and so on between them. */
const RETRIES = 4;

/** Seconds that all tries together may take; ours. What alters large tables needs more. */
const LONGEST_SECONDS = 3600;

/** Minutes that the engine waits beyond that: for a machine, and for the images. */
const START_MINUTES = 10;

export interface MigrationJobArgs {
  /** Namespace that takes pods of the level `restricted`. A change makes everything anew. */
  readonly namespace: pulumi.Input<string>;
  readonly server: MigrationServer;
  /** The logical databases of the server. One that is taken out stays on the server as it is. */
  readonly databases: readonly MigratedDatabase[];
  /** Image with Node 20 or newer. Default: `node:22.21.1-alpine`. */
  readonly nodeImage?: string | undefined;
  /** Image with Bash and the AWS command line, for RDS. Default: the one that AWS publishes, of an exact version. */
  readonly awsImage?: string | undefined;
  /** Seconds that the migration may take with all its tries. Default: 3600. */
  readonly longestSeconds?: number | undefined;
  readonly transform?: { readonly job?: Transform<kubernetes.batch.v1.JobArgs> };
}

/**
 * Roles, databases and migrations by a Job inside the network (C-40), where a server that nobody reaches from outside can be reached.
 * The Job's name holds a hash of all that it does: a new migration, program or password makes a new Job, and nothing else does.
 * `pulumi up` waits until it has completed; whatever needs the schema depends on this component. A Job that failed is made anew by
 * the next `up`, and its last lines are in the engine's message. Costs nothing but a pod of some seconds.
 */
export class MigrationJob extends pulumi.ComponentResource {
  readonly server: MigrationServer;
  /** Name of the Job: known before it has completed. */
  readonly jobName: pulumi.Output<string>;
  /** What shows the log of the Job. */
  readonly logCommand: pulumi.Output<string>;
  /** ConfigMap of the program, account and labels, for what runs by the clock. */
  readonly programName: pulumi.Output<string>;
  readonly serviceAccountName: pulumi.Output<string>;
  readonly labels = labelsOf(MIGRATION_APP);
  private readonly passwords: readonly { readonly role: string; readonly from: SecretKey }[];

  constructor(name: string, args: MigrationJobArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { namespace, server, databases } = args;
    super("scaling-ladder:schema:MigrationJob", name, { databases: databases.map((each) => each.name) }, opts);
    this.server = server;

    const needed = neededPasswords(server, databases);
    const own = needed.flatMap(({ role, password }) => (isSecretKey(password) ? [] : [{ role, password }]));
    const files = migrationFiles(server, databases);
    const images = { node: args.nodeImage ?? NODE_IMAGE, aws: args.awsImage ?? AWS_IMAGE };
    const program = programFiles();
    const hash = pulumi
      .all([pulumi.all(files), checksumOf(own.map(({ password }) => password))])
      .apply(([texts, secrets]) => shortHash(JSON.stringify([texts, program, images, secrets])));
    this.jobName = pulumi.interpolate`${MIGRATION_APP}-${hash}`;
    this.logCommand = pulumi.interpolate`kubectl logs --namespace ${namespace} --all-containers job/${this.jobName}`;

    this.serviceAccountName = this.makeServiceAccount(name, namespace);
    this.programName = programMap(
      `${name}-program`,
      { namespace, labels: this.labels, files: program },
      this,
    ).metadata.name;
    const ownSecret = this.makeSecret(name, namespace, own);
    this.passwords = needed.map(({ role, password }) => ({
      role,
      from: isSecretKey(password) ? password : { secretName: ownSecret, key: role },
    }));
    const access = this.makeAccess(name, args);
    const network = this.makeNetworkPolicy(name, args);
    const planName = this.makePlan(name, namespace, files);
    const master =
      server.kind === "rds"
        ? { ...server.master, image: images.aws, keysName: this.makeKeys(name, namespace, access) }
        : undefined;
    this.makeJob(
      name,
      args,
      { ...this.podOf(this.passwords), planName, planFile: PLAN_FILE, image: images.node, master },
      // A pod asks for its identity once, and the first packet must get out.
      [network, ...(access === undefined ? [] : [access])],
    );
    this.registerOutputs({ jobName: this.jobName });
  }

  /** What pods of this server have in common; those of the clock get the owners' passwords only. */
  podOf(passwords: SchemaPod["passwords"]): Omit<SchemaPod, "planName" | "planFile" | "image" | "master"> {
    const { serviceAccountName, labels, programName, logCommand, server } = this;
    const ca = typeof server.ca === "object" ? server.ca : undefined;
    return { serviceAccountName, labels, programName, passwords, ca, logCommand };
  }

  /** Where the password of a role is. Throws when none was given for it. */
  passwordOf(role: string): SchemaPod["passwords"][number] {
    const found = this.passwords.find((each) => each.role === role);
    if (found === undefined) throw new Error(`no password of role ${role} among those of the migration`);
    return found;
  }

  private makeServiceAccount(name: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
    return new kubernetes.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: { name: MIGRATION_APP, namespace, labels: this.labels },
        automountServiceAccountToken: false,
      },
      { parent: this },
    ).metadata.name;
  }

  private makeSecret(
    name: string,
    namespace: pulumi.Input<string>,
    own: readonly { readonly role: string; readonly password: pulumi.Input<string> }[],
  ): pulumi.Input<string> {
    if (own.length === 0) return "";
    return new kubernetes.core.v1.Secret(
      `${name}-credentials`,
      {
        metadata: { name: `${MIGRATION_APP}-credentials`, namespace, labels: this.labels },
        type: "Opaque",
        data: secretData(Object.fromEntries(own.map(({ role, password }) => [role, password]))),
      },
      { parent: this },
    ).metadata.name;
  }

  private makeAccess(name: string, { server, namespace }: MigrationJobArgs): MasterAccess | undefined {
    if (server.kind !== "rds") return undefined;
    const { serviceAccountName: serviceAccount } = this;
    return new MasterAccess(`${name}-access`, { ...server.master, namespace, serviceAccount }, { parent: this });
  }

  private makeKeys(
    name: string,
    namespace: pulumi.Input<string>,
    access: MasterAccess | undefined,
  ): pulumi.Output<string> | undefined {
    if (access?.keys === undefined) return undefined;
    const { accessKey, secretKey } = access.keys;
    return new kubernetes.core.v1.Secret(
      `${name}-keys`,
      {
        metadata: { name: `${MIGRATION_APP}-keys`, namespace, labels: this.labels },
        type: "Opaque",
        data: secretData({ "access-key": accessKey, "secret-key": secretKey }),
      },
      { parent: this },
    ).metadata.name;
  }

  /** Out to the database, and on RDS to Secrets Manager; nobody comes in. */
  private makeNetworkPolicy(name: string, { namespace, server }: MigrationJobArgs): pulumi.Resource {
    const { port } = server;
    const app = server.kind === "postgres" ? server.app : undefined;
    return new kubernetes.networking.v1.NetworkPolicy(
      `${name}-network`,
      {
        metadata: { name: MIGRATION_APP, namespace, labels: this.labels },
        spec: {
          podSelector: { matchLabels: { app: MIGRATION_APP } },
          policyTypes: ["Ingress", "Egress"],
          egress: waysTo([{ port, app }]),
        },
      },
      { parent: this },
    );
  }

  /** Another plan is another object: a Job that is tried again does what it began with. */
  private makePlan(name: string, namespace: pulumi.Input<string>, files: PlanFiles): pulumi.Output<string> {
    const hash = pulumi.all(files).apply((texts) => shortHash(JSON.stringify(texts)));
    return new kubernetes.core.v1.ConfigMap(
      `${name}-plan`,
      {
        metadata: { name: pulumi.interpolate`${MIGRATION_APP}-plan-${hash}`, namespace, labels: this.labels },
        immutable: true,
        data: { ...files },
      },
      { parent: this },
    ).metadata.name;
  }

  private makeJob(name: string, args: MigrationJobArgs, pod: SchemaPod, dependsOn: pulumi.Resource[]): void {
    const { namespace, longestSeconds = LONGEST_SECONDS, transform } = args;
    const defaults: kubernetes.batch.v1.JobArgs = {
      metadata: {
        name: this.jobName,
        namespace,
        labels: this.labels,
        // One that has failed never completes any more: the next `up` makes it anew instead of waiting for it.
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
      spec: schemaJobSpec(pod, { retries: RETRIES, longestSeconds }),
    };
    new kubernetes.batch.v1.Job(`${name}-job`, transformed(defaults, transform?.job), {
      parent: this,
      dependsOn,
      customTimeouts: { create: `${Math.ceil(longestSeconds / 60) + START_MINUTES}m` },
    });
  }
}
