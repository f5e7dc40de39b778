import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { policyDocument } from "../aws/policyDocument";
import { EncryptionKey } from "../encryption/key";
import { type Transform, transformed } from "../transform";
import { lockBounds, type Retention } from "./awsBackupPlan";

/** How the vault refuses to delete; see `lock` of the settings. */
export type LockMode = "governance" | "compliance";

export interface LockedVaultArgs {
  /** Part of its name and of its key's alias: `backups`, or `backup-copies` in the second region. */
  readonly purpose: string;
  readonly accountId: pulumi.Input<string>;
  readonly region: string;
  readonly retention: Retention;
  readonly lock: LockMode;
  readonly deletionProtection: boolean;
  readonly transform?: Transform<aws.backup.VaultArgs> | undefined;
}

/** Days in which a compliance lock can still be taken back; the fewest that AWS Backup allows. */
const GRACE_DAYS = 3;

/**
 * A vault with a key of its own, a lock, and a policy that refuses to delete. Without `deletionProtection` the policy goes, and the
 * governance lock goes with the stack that is retired; a compliance lock stays for ever.
 */
export function lockedVault(name: string, args: LockedVaultArgs, parent: pulumi.Resource): aws.backup.Vault {
  const { purpose, accountId, region, deletionProtection } = args;
  const key = new EncryptionKey(
    `${name}-key`,
    { purpose, accountId, region, deletionProtection, keepAfterDestroy: true },
    { parent },
  );
  const vault = new aws.backup.Vault(
    name,
    transformed({ name: physicalName("backupVault", purpose), kmsKeyArn: key.arn, region }, args.transform),
    { parent, protect: deletionProtection },
  );
  lockVault(name, vault, args, parent);
  if (deletionProtection) refuseDeletes(name, vault, args, parent);
  return vault;
}

function lockVault(name: string, vault: aws.backup.Vault, args: LockedVaultArgs, parent: pulumi.Resource): void {
  new aws.backup.VaultLockConfiguration(
    `${name}-lock`,
    {
      backupVaultName: vault.name,
      ...lockBounds(args.retention),
      ...(args.lock === "compliance" ? { changeableForDays: GRACE_DAYS } : {}),
      region: args.region,
    },
    // AWS keeps a compliance lock for ever once its days of grace are over, whatever the engine asks.
    { parent, protect: args.deletionProtection, retainOnDelete: args.lock === "compliance" },
  );
}

function refuseDeletes(name: string, vault: aws.backup.Vault, args: LockedVaultArgs, parent: pulumi.Resource): void {
  new aws.backup.VaultPolicy(
    `${name}-policy`,
    {
      backupVaultName: vault.name,
      policy: policyDocument({
        Sid: "NobodyDeletes",
        Effect: "Deny",
        Principal: "*",
        Action: ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
        Resource: "*",
      }),
      region: args.region,
    },
    { parent },
  );
}
