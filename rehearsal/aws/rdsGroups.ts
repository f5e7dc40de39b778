import { type Cloud, type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { INSTANCE, PARAMETER_GROUP, SUBNET_GROUP } from "./rdsInstanceRules";

/** Subnet groups and parameter groups. */

const named = ({ name, namePrefix }: Values, hex: (digits: number, salt?: string) => string): string =>
  text(name) === "" ? `${text(namePrefix)}${hex(26, "name")}` : text(name);

const zonesOf = (ids: unknown, cloud: Cloud): string[] =>
  (Array.isArray(ids) ? ids : [])
    .map((id) => text(cloud.find("aws:ec2/subnet:Subnet", text(id))?.values.availabilityZone))
    .filter((zone) => zone !== "");

function checkSubnets({ subnetIds }: Values, cloud: Cloud): Refusal[] {
  if (!Array.isArray(subnetIds) || subnetIds.includes(UNKNOWN)) return [];
  const zones = zonesOf(subnetIds, cloud);
  // A subnet that is not there is told by its reference.
  if (zones.length < subnetIds.length || new Set(zones).size >= 2) return [];
  return [
    {
      property: "subnetIds",
      reason: "DBSubnetGroupDoesNotCoverEnoughAZs: the subnets must lie in two availability zones or more",
    },
  ];
}

/** The zone of an instance cannot leave its group. */
function checkSubnetsUpdate({ subnetIds }: Values, old: Values, cloud: Cloud): Refusal[] {
  if (!Array.isArray(subnetIds) || subnetIds.includes(UNKNOWN)) return [];
  const zones = new Set(zonesOf(subnetIds, cloud));
  const stranded = cloud
    .all(INSTANCE)
    .filter(({ values }) => values.dbSubnetGroupName === old.name && !zones.has(text(values.availabilityZone)));
  return stranded.map(({ values }) => ({
    property: "subnetIds",
    reason: `InvalidParameterValue: Some of the subnets to be deleted are currently in use: ${text(values.identifier)} is in ${text(values.availabilityZone)}`,
  }));
}

export const subnetGroup: ResourceModel = {
  type: SUBNET_GROUP,
  replaces: ["name", "namePrefix"],
  source: "hashicorp/terraform-provider-aws internal/service/rds/subnet_group.go",
  published: {
    type: "AWS::RDS::DBSubnetGroup",
    names: { name: "DBSubnetGroupName", description: "DBSubnetGroupDescription" },
  },
  references: { subnetIds: { types: ["aws:ec2/subnet:Subnet"] } },
  autonamed: { property: "name", limit: 255 },
  seconds: { create: 3 },
  unique: ({ name }, { region }) => (text(name) === "" ? undefined : `${region}/${text(name).toLowerCase()}`),
  check: checkSubnets,
  checkUpdate: checkSubnetsUpdate,
  id: (inputs, { hex }) => named(inputs, hex).toLowerCase(),
  outputs: (inputs, { arn, hex, find }, old) => {
    const name = text(old?.name) || named(inputs, hex).toLowerCase();
    const [first] = Array.isArray(inputs.subnetIds) ? inputs.subnetIds : [];
    return {
      name,
      arn: arn("rds", `subgrp:${name}`),
      supportedNetworkTypes: ["IPV4"],
      vpcId: find("aws:ec2/subnet:Subnet", text(first))?.values.vpcId ?? "",
    };
  },
  refuseDelete: ({ values }, cloud) =>
    cloud.all(INSTANCE).some((instance) => instance.values.dbSubnetGroupName === values.name)
      ? `InvalidDBSubnetGroupStateFault: Cannot delete the subnet group '${text(values.name)}' because at least one database instance is still using it`
      : undefined,
};

/** What RDS says of a parameter: whether it waits for a restart, and what it may be. Ranges: PostgreSQL 16, in RDS's units. */
interface Known {
  readonly static?: true;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
}

const FLAG: Known = { min: 0, max: 1 };
const MAX = 2_147_483_647;

/**
 * Parameters that can be set here. Sources: RDS user guide, working with parameters on RDS for PostgreSQL; ranges from
 * pg_settings of PostgreSQL 16. Any other name is refused: look it up and add it.
 */
export const PARAMETERS: Readonly<Record<string, Known>> = {
  checkpoint_completion_target: { min: 0, max: 1 },
  effective_cache_size: { min: 1, max: MAX },
  effective_io_concurrency: { min: 0, max: 1000 },
  idle_in_transaction_session_timeout: { min: 0, max: MAX },
  log_lock_waits: FLAG,
  log_min_duration_statement: { min: -1, max: MAX },
  log_temp_files: { min: -1, max: MAX },
  maintenance_work_mem: { min: 1024, max: MAX },
  max_connections: { static: true, min: 6, max: 262_143 },
  max_parallel_maintenance_workers: { min: 0, max: 1024 },
  max_parallel_workers: { min: 0, max: 1024 },
  max_parallel_workers_per_gather: { min: 0, max: 1024 },
  max_slot_wal_keep_size: { min: -1, max: MAX },
  random_page_cost: { min: 0, max: Number.MAX_VALUE },
  "rds.force_ssl": FLAG,
  "rds.logical_replication": { static: true, ...FLAG },
  shared_buffers: { static: true, min: 16, max: 1_073_741_823 },
  shared_preload_libraries: {
    static: true,
    pattern: /^((pg_stat_statements|pg_cron|pgaudit|auto_explain|pglogical)(,(?!$)|$))+$/,
  },
  timezone: { pattern: /^[A-Za-z0-9_+/-]+$/ },
  wal_buffers: { static: true, min: -1, max: 262_143 },
  wal_sender_timeout: { min: 0, max: 3_600_000 },
  work_mem: { min: 64, max: MAX },
};

function wrong(name: string, value: string, applyMethod: unknown): string | undefined {
  const known = PARAMETERS[name];
  if (known === undefined) return `InvalidParameterValue: Could not find parameter with name: ${name}`;
  if (known.static === true && applyMethod !== "pending-reboot")
    return `InvalidParameterCombination: cannot use immediate apply method for static parameter ${name}`;
  const number = Number(value);
  const fits =
    known.pattern?.test(value) ?? (value !== "" && number >= (known.min ?? -MAX) && number <= (known.max ?? MAX));
  return fits ? undefined : `InvalidParameterValue: invalid value ${value} for ${name}`;
}

function checkParameters({ parameters, family }: Values): Refusal[] {
  const list: unknown[] = Array.isArray(parameters) ? parameters : [];
  const entries = list.filter((entry): entry is Record<string, unknown> => typeof entry === "object" && entry !== null);
  const names = entries.map(({ name }) => text(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return [
    ...(/^postgres1[5-7]$/.test(text(family)) || family === UNKNOWN
      ? []
      : [{ property: "family", reason: `InvalidParameterValue: ParameterGroupFamily ${text(family)} is not valid` }]),
    ...(twice === undefined ? [] : [{ property: "parameters", reason: `${twice} is set twice` }]),
    ...entries
      .filter((entry) => entry.value !== UNKNOWN && entry.name !== UNKNOWN)
      .map(({ name, value, applyMethod }) => wrong(text(name), String(value), applyMethod))
      .filter((reason) => reason !== undefined)
      .map((reason) => ({ property: "parameters", reason })),
  ];
}

export const parameterGroup: ResourceModel = {
  type: PARAMETER_GROUP,
  replaces: ["name", "namePrefix", "family", "description"],
  source: "hashicorp/terraform-provider-aws internal/service/rds/parameter_group.go",
  published: { type: "AWS::RDS::DBParameterGroup", names: { name: "DBParameterGroupName", parameters: false } },
  autonamed: { property: "name", limit: 255 },
  seconds: { create: 5 },
  unique: ({ name }, { region }) => (text(name) === "" ? undefined : `${region}/${text(name).toLowerCase()}`),
  check: checkParameters,
  id: (inputs, { hex }) => named(inputs, hex).toLowerCase(),
  outputs: (inputs, { arn, hex }, old) => {
    const name = text(old?.name) || named(inputs, hex).toLowerCase();
    return { name, arn: arn("rds", `pg:${name}`) };
  },
  refuseDelete: ({ values }, cloud) =>
    cloud.all(INSTANCE).some((instance) => instance.values.parameterGroupName === values.name)
      ? `InvalidDBParameterGroupState: One or more database instances are still members of this parameter group ${text(values.name)}, so the group cannot be deleted`
      : undefined,
};
