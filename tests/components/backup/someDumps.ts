import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DumpJobs, type DumpJobsArgs, type NewDumpBucket } from "../../../components/backup/dumpJobs";
import { RESTRICTED_NAMESPACE } from "../../../components/kubernetes/pod";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { recording } from "../../support/recording";

/** Dumps in simulated clouds, for the tests of their parts. */

export const CRON_JOB = "batch/v1:CronJob";
export const BUCKET = "aibase-dumps-123456789012-test";

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
}

export const IN_AWS: NewDumpBucket = {
  kind: "aws",
  retention: { dailyDays: 35, weeklyWeeks: 12, monthlyMonths: 12 },
  lock: "governance",
  accountId: "123456789012",
  region: "us-east-1",
  deletionProtection: true,
};

export async function makeDumps(more: Partial<DumpJobsArgs> = {}, first: () => Partial<DumpJobsArgs> = () => ({})) {
  const cloud = rehearsedMocks();
  const made = first();
  const records = recording();
  const namespace = new kubernetes.core.v1.Namespace("namespace", {
    metadata: { name: "aibase", labels: { ...RESTRICTED_NAMESPACE } },
  });
  const dumps = new DumpJobs(
    "dumps",
    {
      namespace: namespace.metadata.name,
      database: {
        kind: "postgresql",
        host: pulumi.output("db.example.com"),
        port: 5432,
        name: "circle",
        username: pulumi.output("owner"),
        password: pulumi.secret("database-password"),
      },
      catalogue: ["circle", "ai_company"],
      postgresVersion: 16,
      store: IN_AWS,
      ...more,
      ...made,
    },
    records.opts,
  );
  await records.made();
  const job = (name: string) => {
    const spec = cloud.one(CRON_JOB, name).inputs.spec as {
      jobTemplate: { spec: { template: { spec: { containers: Container[]; [key: string]: unknown } } } };
      [key: string]: unknown;
    };
    const pod = spec.jobTemplate.spec.template.spec;
    const container = (of: string): Container => {
      const found = pod.containers.find((each) => each.name === of);
      if (found === undefined) throw new Error(`no container ${of}`);
      return found;
    };
    return { spec, pod, container };
  };
  return { dumps, job, ...records, ...cloud };
}

export const secretOf = (container: Container, name: string) =>
  container.env.find((variable) => variable.name === name)?.valueFrom?.secretKeyRef;
