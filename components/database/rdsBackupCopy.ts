import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "../encryption/key";

export interface BackupCopyArgs {
  /** Region that keeps the copies. Changing it begins a new copy there; the old one stays for its days. */
  readonly secondaryRegion: string;
  readonly accountId: pulumi.Input<string>;
  readonly primaryArn: pulumi.Input<string>;
  /** Days that can be gone back to there. Changing it begins the copy anew. */
  readonly pitrDays: number;
  readonly deletionProtection: boolean;
}

/**
 * Automated backups of the primary, snapshots and transaction logs, copied into a second region as they are made (C-39, S0-34),
 * under a key of that region. Charged by the GB of what is copied and kept.
 */
export function copyBackups(name: string, args: BackupCopyArgs, opts: { readonly parent: pulumi.Resource }): void {
  const { secondaryRegion, accountId, deletionProtection } = args;
  const key = new EncryptionKey(
    `${name}-copies-key`,
    { purpose: "database-copies", accountId, region: secondaryRegion, deletionProtection, keepAfterDestroy: true },
    opts,
  );
  new aws.rds.InstanceAutomatedBackupsReplication(
    `${name}-copies`,
    {
      sourceDbInstanceArn: args.primaryArn,
      kmsKeyId: key.arn,
      retentionPeriod: args.pitrDays,
      region: secondaryRegion,
    },
    opts,
  );
}
