import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { logicalDatabase } from "../../catalogue/roles";
import { SCHEDULED_JOBS } from "../../catalogue/schedules";
import { UserError } from "../../settings/errors";
import { scheduled } from "../backup/jobPod";
import { type Transform, transformed } from "../transform";
import type { MigrationJob } from "./migrationJob";
import { NODE_IMAGE, schemaJobSpec } from "./migrationPod";
import { MIGRATION_APP } from "./names";
import { type DueJob, type MigratedDatabase, maintenanceFile, maintenanceFiles } from "./plan";

/** Tries beside the first one; ours. What was left undone is done by the next run. */
const RETRIES = 3;

/** Seconds after which a run is given up; the next archiving goes on where it ended. */
const LONGEST_SECONDS = 6 * 3600;

const PLANS = "database-maintenance";

export interface MaintenanceJobsArgs {
  /** Namespace of the migration. A change makes all jobs anew. */
  readonly namespace: pulumi.Input<string>;
  /** The migration of the server: its program, its account, its way there. Its server must not be RDS. */
  readonly migration: MigrationJob;
  /** The logical databases of the server; those that need nothing get nothing. */
  readonly databases: readonly MigratedDatabase[];
  /** Image with Node 20 or newer. Default: `node:22.21.1-alpine`. */
  readonly nodeImage?: string | undefined;
  readonly transform?: { readonly cronJob?: Transform<kubernetes.batch.v1.CronJobArgs> };
}

/**
 * What runs by the clock where the server itself has none (C-17): old tasks into their archive and partitions ahead of time, each by
 * one CronJob for all databases that need it, never beside itself. On RDS pg_cron does it, and this component refuses.
 */
export class MaintenanceJobs extends pulumi.ComponentResource {
  /** Names of the CronJobs, for alerts. */
  readonly jobNames: readonly string[];

  constructor(name: string, args: MaintenanceJobsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { migration, databases } = args;
    if (migration.server.kind === "rds")
      throw new UserError(
        "On RDS pg_cron runs what runs by the clock; CronJobs beside it would do it twice. Leave MaintenanceJobs out of the stack.",
      );
    super("scaling-ladder:schema:MaintenanceJobs", name, {}, opts);
    const due = dueJobs(databases);
    this.jobNames = due.map(({ job }) => job.name);
    if (due.length > 0) {
      const planName = this.makePlans(name, args, due);
      for (const each of due) this.makeCronJob(name, args, each, planName);
    }
    this.registerOutputs({});
  }

  /** Its name stays: the next run takes what is there then. */
  private makePlans(name: string, { namespace, migration }: MaintenanceJobsArgs, due: readonly DueJob[]) {
    return new kubernetes.core.v1.ConfigMap(
      `${name}-plans`,
      {
        metadata: { name: PLANS, namespace, labels: migration.labels },
        data: { ...maintenanceFiles(migration.server, due) },
      },
      { parent: this },
    ).metadata.name;
  }

  private makeCronJob(
    name: string,
    args: MaintenanceJobsArgs,
    { job, databases }: DueJob,
    planName: pulumi.Output<string>,
  ): void {
    const { namespace, migration, nodeImage = NODE_IMAGE, transform } = args;
    const owners = databases.map((each) => logicalDatabase(each.name, each.model).roles.owner.name);
    const pod = {
      ...migration.podOf(owners.map((owner) => migration.passwordOf(owner))),
      planName,
      planFile: maintenanceFile(job.name),
      image: nodeImage,
      logCommand: pulumi.interpolate`kubectl logs --namespace ${namespace} --selector app=${MIGRATION_APP} --tail=-1`,
    };
    const run = schemaJobSpec(pod, { retries: RETRIES, longestSeconds: LONGEST_SECONDS });
    const defaults: kubernetes.batch.v1.CronJobArgs = {
      metadata: { name: job.name, namespace, labels: migration.labels },
      spec: scheduled(job.schedule, migration.labels, run),
    };
    new kubernetes.batch.v1.CronJob(`${name}-${job.name}`, transformed(defaults, transform?.cronJob), {
      parent: this,
      // The functions that it calls come with the migrations.
      dependsOn: [migration],
    });
  }
}

/** What runs by the clock on a server with these databases, each job once for all of them. */
export const dueJobs = (databases: readonly MigratedDatabase[]): DueJob[] =>
  SCHEDULED_JOBS.map((job) => ({
    job,
    databases: databases.filter(({ name }) => job.databases.includes(name)),
  })).filter((due) => due.databases.length > 0);
