import type * as aws from "@pulumi/aws";

/** What a primary begins from. Either a snapshot, or another instance's automated backups (settings/cloudRules.ts). */
export interface RestoreSource {
  /** Identifier or ARN of a snapshot. */
  readonly snapshot?: string | undefined;
  /** Identifier of the instance whose automated backups are used. */
  readonly sourceInstance?: string | undefined;
  /** Moment of the source, UTC. Default: the latest that can be restored. */
  readonly time?: string | undefined;
}

/** The daily backup window, UTC. settings/cloudRules.ts keeps maintenance away from it. */
export const BACKUP_WINDOW = "03:00-04:00";

/**
 * Inputs that count when the primary is made and never again: what it was restored from; the key and the user name, which a
 * restored instance brings along; the password, which rotation changes. Whoever adds or removes `restore` later changes
 * nothing, where the provider would otherwise replace the database.
 */
export const READ_ONCE = [
  "snapshotIdentifier",
  "restoreToPointInTime",
  "kmsKeyId",
  "username",
  "password",
] as const satisfies readonly (keyof aws.rds.InstanceArgs)[];

/** The inputs that make an instance begin from the source. */
export function restoreArgs(
  source: RestoreSource | undefined,
): Pick<aws.rds.InstanceArgs, "snapshotIdentifier" | "restoreToPointInTime"> {
  if (source === undefined) return {};
  if (source.snapshot !== undefined) return { snapshotIdentifier: source.snapshot };
  return {
    restoreToPointInTime: {
      sourceDbInstanceIdentifier: source.sourceInstance,
      ...(source.time === undefined ? { useLatestRestorableTime: true } : { restoreTime: source.time }),
    },
  };
}

export interface RestoreFacts {
  readonly stack: string;
  readonly primaryIdentifier: string;
  readonly finalSnapshot: string;
  readonly pitrDays: number;
  readonly region: string;
  readonly secondaryRegion?: string | undefined;
}

/** What to do when data must come back, with this stack's own names: the output `restoreInstructions`. */
export function restoreInstructions(facts: RestoreFacts): string {
  const { stack, primaryIdentifier, finalSnapshot, pitrDays, region, secondaryRegion } = facts;
  const set = "pulumi config set --path scaling-ladder:database.restore";
  return [
    `Nothing is restored over ${primaryIdentifier}: a restore is a new stack with an instance of its own, beside the old one.`,
    `A moment of the last ${pitrDays} days: copy Pulumi.${stack}.yaml to the settings of a new stack, then in the new stack:`,
    `  ${set}.sourceInstance ${primaryIdentifier}`,
    `  ${set}.time 2026-01-31T12:00:00Z   (leave it out for the latest moment)`,
    `A snapshot, or the one that a deletion of this stack leaves (${finalSnapshot}):`,
    `  ${set}.snapshot ${finalSnapshot}`,
    `  What to choose from: aws rds describe-db-snapshots --region ${region} --db-instance-identifier ${primaryIdentifier}`,
    ...(secondaryRegion === undefined
      ? []
      : [
          `When ${region} is lost: aws rds describe-db-instance-automated-backups --region ${secondaryRegion} lists the copy; a new stack with region ${secondaryRegion} begins from it after aws rds restore-db-instance-to-point-in-time --source-db-instance-automated-backups-arn and a snapshot of the result.`,
        ]),
    `Then compare counts and checksums, and point the application of ${stack} to the new stack.`,
  ].join("\n");
}
