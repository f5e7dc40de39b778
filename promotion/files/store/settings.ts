import { UserError } from "../../../settings";

/** Where objects go, as the contract's variables say (S1-14 to S1-17, S1-31, S1-32). */
export interface StoreSettings {
  readonly bucket: string;
  readonly region: string;
  /** Undefined: AWS itself. */
  readonly endpoint?: string;
  /** The bucket in the path of an address, not in its host, as MinIO wants it. */
  readonly forcePathStyle: boolean;
  /** Undefined: whatever the AWS SDK finds (environment, profile, workload identity). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const DEFAULT_REGION = "us-east-1";

/** Reads FILE_STORAGE_S3_*. @throws UserError for what is missing or cannot be. */
export function storeSettings(env: NodeJS.ProcessEnv): StoreSettings {
  const value = (name: string): string | undefined => env[`FILE_STORAGE_S3_${name}`]?.trim() || undefined;
  const bucket = value("BUCKET");
  if (bucket === undefined)
    throw new UserError(
      "Which bucket? Set FILE_STORAGE_S3_BUCKET, and FILE_STORAGE_S3_ENDPOINT for a store that is not AWS.",
    );
  const endpoint = value("ENDPOINT");
  if (endpoint !== undefined && !/^https?:\/\/[^/\s]+/.test(endpoint))
    throw new UserError(
      `FILE_STORAGE_S3_ENDPOINT is ${JSON.stringify(endpoint)}; allowed is an address such as http://minio:9000.`,
    );
  const pathStyle = value("FORCE_PATH_STYLE") ?? "false";
  if (pathStyle !== "true" && pathStyle !== "false")
    throw new UserError(
      `FILE_STORAGE_S3_FORCE_PATH_STYLE is ${JSON.stringify(pathStyle)}; allowed are true (MinIO) and false.`,
    );
  const accessKeyId = value("ACCESS_KEY");
  const secretAccessKey = value("SECRET_KEY");
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw new UserError(
      `FILE_STORAGE_S3_${accessKeyId === undefined ? "ACCESS_KEY" : "SECRET_KEY"} is not set, but its partner is. Set both, or none to use the credentials of this machine.`,
    );
  return {
    bucket,
    region: value("REGION") ?? env.AWS_REGION ?? DEFAULT_REGION,
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: pathStyle === "true",
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  };
}

/** How messages and the journal call the store. */
export const placeOf = ({ bucket, endpoint }: StoreSettings): string =>
  `s3://${bucket}${endpoint === undefined ? "" : ` at ${endpoint}`}`;
