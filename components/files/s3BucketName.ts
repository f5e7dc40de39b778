import { nameOf, shorten } from "../aws/naming";

/** Longest bucket name of S3, in characters. */
const LIMIT = 63;

/**
 * The bucket for files when the settings name none: `aibase-files-<account>-<stack>` (C-27). Bucket names are shared by all of
 * AWS, so the plain `aibase-files` of the documents may be somebody else's.
 */
export const defaultBucketName = (accountId: string, stack: string): string =>
  nameOf("bucket", `files-${accountId}`, stack);

/** The copy of a bucket in the second region. */
export const replicaBucketName = (bucketName: string): string => {
  const suffix = "-replica";
  return `${shorten(bucketName, LIMIT - suffix.length)}${suffix}`;
};
