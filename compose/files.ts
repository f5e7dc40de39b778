import { output } from "@pulumi/pulumi";
import type { FilesEndpoint } from "../components/endpoints";
import { ACCESS_KEY, APP_USER, MINIO_PORT, minio, SECRET_KEY } from "./minio";
import { type Condition, type Part, reference } from "./service";

export interface FilesArgs {
  /** Name of the bucket. Default: the documented one (S1-64, C-27). */
  readonly bucket?: string | undefined;
  /** Address of an S3-compatible server that is there. Default: a MinIO of its own. */
  readonly endpoint?: string | undefined;
  /** Of that server. */
  readonly region: string;
  readonly forcePathStyle: boolean;
  /** Days that overwritten and deleted versions of a file are kept. */
  readonly noncurrentDays: number;
  readonly memoryMiB: number;
}

export interface Files {
  readonly part: Part;
  readonly endpoint: FilesEndpoint;
  /** Services that the application waits for. */
  readonly after: Readonly<Record<string, Condition>>;
}

/** What MinIO calls its region. */
const REGION = "us-east-1";

/** Where the application keeps files: a MinIO beside it (S1-64, S1-67, made right by C-30), or an S3-compatible server that is there. */
export async function files({
  bucket = "aibase",
  endpoint,
  region,
  forcePathStyle,
  ...rest
}: FilesArgs): Promise<Files> {
  const secretKey = output(reference(SECRET_KEY.name));
  const common = { kind: "s3", bucket: output(bucket) } as const;
  if (endpoint !== undefined)
    return {
      part: { services: {}, volumes: [], files: {}, variables: [ACCESS_KEY, { ...SECRET_KEY, value: "given" }] },
      endpoint: {
        ...common,
        region,
        endpoint,
        forcePathStyle,
        credentials: { accessKey: output(reference(ACCESS_KEY.name)), secretKey },
      },
      after: {},
    };
  return {
    part: await minio({ bucket, ...rest }),
    endpoint: {
      ...common,
      region: REGION,
      endpoint: `http://minio:${MINIO_PORT}`,
      forcePathStyle: true,
      credentials: { accessKey: output(APP_USER), secretKey },
    },
    after: { minio: "service_healthy", "minio-init": "service_completed_successfully" },
  };
}
