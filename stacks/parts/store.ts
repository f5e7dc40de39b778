import * as pulumi from "@pulumi/pulumi";
import { nameOf } from "../../components/aws/naming";
import type { S3Store } from "../../components/backup/store";
import { S3Files } from "../../components/files/s3Files";
import type { SmallTeamSettings, SmbSettings } from "../../settings";
import type { Cloud } from "../cloud";

/** Region that requests are signed for where the settings name none. */
const REGION = "us-east-1";

/** The bucket for backups that the settings name. */
export function storeOf({ bucket, region = REGION, endpoint, forcePathStyle, accessKey, secretKey }: Given): S3Store {
  return {
    kind: "s3",
    bucket: pulumi.output(bucket),
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
    // The settings have made sure that there are both or none.
    ...(accessKey === undefined || secretKey === undefined
      ? {}
      : { credentials: { accessKey: pulumi.secret(accessKey), secretKey: pulumi.secret(secretKey) } }),
  };
}

type Given = SmallTeamSettings["backup"]["store"];

/** A bucket in AWS for base backups and WAL of a database in the cluster, with keys that open nothing else. */
export function archiveOf(
  { accountId }: Cloud,
  { region, deletionProtection }: SmbSettings,
  opts: pulumi.ComponentResourceOptions,
): S3Store {
  return new S3Files(
    "archive",
    {
      bucketName: accountId.apply((account) => nameOf("bucket", `archive-${account}`, pulumi.getStack())),
      accountId,
      region,
      cdn: false,
      access: { kind: "user-keys" },
      // Barman deletes what is past its retention; a week to look at what it deleted.
      noncurrentDays: 7,
      deletionProtection,
    },
    opts,
  ).endpoint;
}
