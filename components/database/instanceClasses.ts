import { UserError } from "../../settings/errors";

/** What a machine has. */
export interface Machine {
  readonly vcpus: number;
  readonly memoryGiB: number;
}

/**
 * The classes that a size is turned into, smallest first (C-05). All run PostgreSQL 15 and 16 on Graviton in every region of
 * AWS's published list of instance classes (cfn-lint, aws_rds_dbinstance).
 */
const CLASSES: readonly (Machine & { readonly name: string })[] = [
  { name: "db.t4g.medium", vcpus: 2, memoryGiB: 4 },
  { name: "db.m7g.large", vcpus: 2, memoryGiB: 8 },
  { name: "db.m7g.xlarge", vcpus: 4, memoryGiB: 16 },
  { name: "db.m7g.2xlarge", vcpus: 8, memoryGiB: 32 },
  { name: "db.m7g.4xlarge", vcpus: 16, memoryGiB: 64 },
  { name: "db.m7g.8xlarge", vcpus: 32, memoryGiB: 128 },
  { name: "db.m7g.12xlarge", vcpus: 48, memoryGiB: 192 },
  { name: "db.m7g.16xlarge", vcpus: 64, memoryGiB: 256 },
];

/** The smallest instance class that has at least these vCPUs and this memory. */
export function instanceClassFor({ vcpus, memoryGiB }: Machine): string {
  const found = CLASSES.find((each) => each.vcpus >= vcpus && each.memoryGiB >= memoryGiB);
  if (found !== undefined) return found.name;
  throw new UserError(
    `No RDS instance class is known for ${vcpus} vCPU and ${memoryGiB} GiB; set database.instanceClass.`,
  );
}

const BURSTABLE: Readonly<Record<string, Machine>> = {
  micro: { vcpus: 2, memoryGiB: 1 },
  small: { vcpus: 2, memoryGiB: 2 },
  medium: { vcpus: 2, memoryGiB: 4 },
  large: { vcpus: 2, memoryGiB: 8 },
  xlarge: { vcpus: 4, memoryGiB: 16 },
  "2xlarge": { vcpus: 8, memoryGiB: 32 },
};

/** GiB of memory for each vCPU of a family. */
const MEMORY_PER_VCPU: Readonly<Record<string, number>> = { m: 4, r: 8 };

/**
 * What an instance class has, by the rule of its family: t3 and t4g by a table, m5 and later 4 GiB for each vCPU, r5 and later
 * 8 GiB. Undefined for a class of another family. Source: AWS, hardware specifications for DB instance classes.
 */
export function machineOf(instanceClass: string): Machine | undefined {
  const [, family = "", generation = "", size = ""] = /^db\.([a-z])(\d)[a-z]*\.(\w+)$/.exec(instanceClass) ?? [];
  if (family === "t") return BURSTABLE[size];
  const perVcpu = MEMORY_PER_VCPU[family];
  const vcpus =
    size === "large" ? 2 : size === "xlarge" ? 4 : 4 * Number(/^(\d+)xlarge$/.exec(size)?.[1] ?? Number.NaN);
  if (perVcpu === undefined || Number(generation) < 5 || Number.isNaN(vcpus)) return undefined;
  return { vcpus, memoryGiB: vcpus * perVcpu };
}
