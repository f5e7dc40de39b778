import { codeOf } from "../../../schema/connectionErrors";
import { ExitCode, UserError } from "../../../settings";
import { placeOf, type StoreSettings } from "./settings";

/** The four actions that the application has (S1-80, C-27); nothing else is asked of a store. */
export type Action = "s3:PutObject" | "s3:GetObject" | "s3:DeleteObject" | "s3:ListBucket";

/** What the AWS SDK tells of a refused request. */
interface Answer {
  readonly name: string;
  readonly status: number | undefined;
}

const KEYS = "Check FILE_STORAGE_S3_ACCESS_KEY and FILE_STORAGE_S3_SECRET_KEY";

/** One sentence by the name of S3's error (Amazon S3 API reference, "Error responses"), and what to do. */
const TOLD: Readonly<Record<string, (place: string, settings: StoreSettings) => string>> = {
  NoSuchBucket: (place) => `There is no bucket ${place}. Make it first, or correct FILE_STORAGE_S3_BUCKET.`,
  InvalidBucketName: (place) => `No bucket can be called so: ${place}. Correct FILE_STORAGE_S3_BUCKET.`,
  InvalidAccessKeyId: unknownKey,
  XAdminUserNotFound: unknownKey,
  SignatureDoesNotMatch: (place) => `${place} does not take the secret key for this access key. ${KEYS}.`,
  InvalidToken: (place) => `${place} does not take the session token of these credentials. Renew them.`,
  ExpiredToken: (place) => `The credentials for ${place} have expired. Renew them and run this again: it goes on.`,
  CredentialsProviderError: (place) =>
    `There are no credentials for ${place}. Set FILE_STORAGE_S3_ACCESS_KEY and FILE_STORAGE_S3_SECRET_KEY, or log in to AWS.`,
  RequestTimeTooSkewed: (place) =>
    `The clock of this machine (${new Date().toISOString()}) is too far from that of ${place}. Set the clock and run this again.`,
  PermanentRedirect: wrongRegion,
  AuthorizationHeaderMalformed: wrongRegion,
  SlowDown: (place) => `${place} asks for fewer requests. Run this again a little later: it goes on.`,
  QuotaExceeded: noRoom,
  XMinioStorageFull: noRoom,
  XMinioAdminBucketQuotaExceeded: noRoom,
};

function unknownKey(place: string): string {
  return `${place} does not know the access key. ${KEYS}.`;
}

function wrongRegion(place: string, { region }: StoreSettings): string {
  return `${place} is not in region ${region}. Correct FILE_STORAGE_S3_REGION.`;
}

function noRoom(place: string): string {
  return `${place} has no room left. Make some and run this again: it goes on.`;
}

const UNREACHED: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name could not be looked up",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  ETIMEDOUT: "it does not answer",
  TimeoutError: "it does not answer",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  ERR_STREAM_PREMATURE_CLOSE: "the connection was lost",
  EPROTO: "it does not speak TLS as this machine does; is it http instead of https?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not trusted; name its authority in NODE_EXTRA_CA_CERTS",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not trusted; name its authority in NODE_EXTRA_CA_CERTS",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not trusted; name its authority in NODE_EXTRA_CA_CERTS",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
};

/** There was no connection to the store, or it was lost. */
export class Unreached extends UserError {
  constructor(message: string) {
    super(message, ExitCode.failed);
  }
}

/** What stands between us and the store, as a UserError; any other error as it is. */
export function explained(error: unknown, settings: StoreSettings, action: Action): unknown {
  if (error instanceof UserError || isAbort(error)) return error;
  const place = placeOf(settings);
  const { name, status } = answerOf(error);
  const told = TOLD[name]?.(place, settings);
  if (told !== undefined) return new UserError(told, ExitCode.failed);
  const unreached = UNREACHED[codeOf(error)] ?? UNREACHED[name];
  if (unreached !== undefined)
    return new Unreached(
      `${place} cannot be reached: ${unreached}. What was copied stays; run this again: it goes on.`,
    );
  if (status === 401 || status === 403)
    return new UserError(
      `${place} does not allow ${action} with these credentials. Allow s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on its objects.`,
      ExitCode.failed,
    );
  if (status === 301 || status === 307) return new UserError(wrongRegion(place, settings), ExitCode.failed);
  if (status !== undefined)
    return new UserError(
      `${place} failed at ${action}: ${name} (HTTP ${status}). What was copied stays; run this again: it goes on.`,
      ExitCode.failed,
    );
  return error;
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";

export function answerOf(error: unknown): Answer {
  if (!(error instanceof Error)) return { name: "", status: undefined };
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
      ? Number(metadata.httpStatusCode ?? Number.NaN)
      : Number.NaN;
  return { name: error.name, status: Number.isNaN(status) ? undefined : status };
}
