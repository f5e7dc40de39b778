import { setMaxListeners } from "node:events";
import type { Readable } from "node:stream";
import { type Action, answerOf, explained } from "./failure";
import type { Head, Listed, NewObject } from "./object";
import { putInParts, putWhole } from "./put";
import type { StoreSettings } from "./settings";

/** A bucket of S3, or of a store that speaks S3 (S1-33). Errors are UserErrors, as far as the user can do something. */
export interface Store {
  readonly settings: StoreSettings;
  /**
   * Stores an object, unless another one than `replaces` has its key.
   * @returns its ETag; `taken` when the key is another's, `blocked` when the store cannot have an object and a folder of one name,
   * `changed` when the contents are not those of `sha256`.
   */
  put(object: NewObject, signal?: AbortSignal): Promise<{ readonly etag: string } | "taken" | "blocked" | "changed">;
  /** The contents and what the object says of itself; undefined when there is none. */
  get(key: string, signal?: AbortSignal): Promise<(Head & { readonly body: Readable }) | undefined>;
  head(key: string, signal?: AbortSignal): Promise<Head | undefined>;
  /** All objects, a page of up to 1,000 at a time. */
  list(options?: {
    readonly prefix?: string;
    readonly signal?: AbortSignal | undefined;
  }): AsyncGenerator<readonly Listed[]>;
  /** Done too when there is none. */
  remove(key: string, signal?: AbortSignal): Promise<void>;
  close(): void;
}

export interface StoreOptions {
  /** Bytes from which an object is uploaded in parts. Default: 5 GiB, the most that S3 takes in one request. */
  readonly partsFrom?: number;
}

const LARGEST_PUT = 5 * 1024 ** 3;
const CONNECTIONS = 64;

/** What goes wrong is thrown; the SDK would print it as well. */
const quiet = (): void => undefined;
const SILENT = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

/** How S3, MinIO and others say that a condition of a put does not hold, or that another put of the key is under way. */
const TAKEN = new Set(["PreconditionFailed", "ConditionalRequestConflict", "OperationAborted"]);
/** Of stores on a file system. */
const BLOCKED = new Set([
  "ObjectParentIsFile",
  "ExistingObjectIsDirectory",
  "XMinioParentIsObject",
  "XMinioObjectExistsAsDirectory",
]);
const CHANGED = new Set(["XAmzContentSHA256Mismatch", "BadDigest", "IncompleteBody"]);

/** Opens a store; asks nothing of it yet. The SDK is loaded only here, because that takes a third of a second. */
export async function openStore(
  settings: StoreSettings,
  { partsFrom = LARGEST_PUT }: StoreOptions = {},
): Promise<Store> {
  // That its releases of next year want a newer Node is no news for whoever runs a promotion.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const sdk = await import("@aws-sdk/client-s3");
  const { bucket: Bucket, region, endpoint, forcePathStyle, credentials } = settings;
  const client = new sdk.S3Client({
    region,
    forcePathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 5,
    logger: SILENT,
    // Every put carries the SHA-256 of its contents, and is read back: the SDK's own checksums would only cost time.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: 10_000,
      socketTimeout: 120_000,
      httpAgent: { keepAlive: true, maxSockets: CONNECTIONS },
      httpsAgent: { keepAlive: true, maxSockets: CONNECTIONS },
    },
  });
  const asking = async <T>(action: Action, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      throw explained(error, settings, action);
    }
  };
  const sending = (signal: AbortSignal | undefined) => {
    if (signal === undefined) return {};
    // Each request listens to it, and there are many at once.
    setMaxListeners(0, signal);
    return { abortSignal: signal };
  };
  return {
    settings,
    put: (object, signal = new AbortController().signal) =>
      asking("s3:PutObject", async () => {
        const { key: Key, bytes, contentType: ContentType, metadata, replaces } = object;
        const condition = replaces === undefined ? { IfNoneMatch: "*" } : { IfMatch: replaces };
        const input = { Bucket, Key, ContentType, Metadata: { ...metadata }, ...condition };
        try {
          return { etag: await (bytes >= partsFrom ? putInParts : putWhole)(client, input, object, signal) };
        } catch (error) {
          return refusal(error);
        }
      }),
    get: (Key, signal) =>
      asking("s3:GetObject", () =>
        orNone(async () => {
          const answer = await client.send(new sdk.GetObjectCommand({ Bucket, Key }), sending(signal));
          return { ...headOf(answer), body: answer.Body as Readable };
        }),
      ),
    head: (Key, signal) =>
      asking("s3:GetObject", () =>
        orNone(async () => headOf(await client.send(new sdk.HeadObjectCommand({ Bucket, Key }), sending(signal)))),
      ),
    async *list({ prefix = "", signal } = {}) {
      let token: string | undefined;
      do {
        // XML cannot hold every name; not every store encodes them.
        const input = { Bucket, Prefix: prefix, EncodingType: "url" as const, ContinuationToken: token };
        const command = new sdk.ListObjectsV2Command(input);
        const page = await asking("s3:ListBucket", () => client.send(command, sending(signal)));
        yield (page.Contents ?? []).map(({ Key = "", Size = 0, ETag = "", LastModified = new Date(0) }) => ({
          key: page.EncodingType === "url" ? decodeURIComponent(Key.replaceAll("+", " ")) : Key,
          bytes: Size,
          etag: ETag,
          modified: LastModified,
        }));
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
    remove: (Key, signal) =>
      asking("s3:DeleteObject", async () => {
        await orNone(() => client.send(new sdk.DeleteObjectCommand({ Bucket, Key }), sending(signal)));
      }),
    close: () => client.destroy(),
  };
}

/** Why a put was refused for what is there, or for its contents. */
function refusal(error: unknown): "taken" | "blocked" | "changed" {
  const { name } = answerOf(error);
  if (CHANGED.has(name)) return "changed";
  if (BLOCKED.has(name)) return "blocked";
  if (TAKEN.has(name) || isMissing(error)) return "taken";
  throw error;
}

/** No such object; a missing bucket is something else. */
const isMissing = (error: unknown): boolean => ["NoSuchKey", "NotFound"].includes(answerOf(error).name);

async function orNone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

interface Answered {
  readonly ContentLength?: number | undefined;
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly Metadata?: Record<string, string> | undefined;
}

const headOf = ({ ContentLength = 0, ETag = "", LastModified = new Date(0), Metadata = {} }: Answered): Head => ({
  bytes: ContentLength,
  etag: ETag,
  modified: LastModified,
  metadata: Metadata,
});
