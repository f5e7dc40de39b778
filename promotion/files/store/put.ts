import { once } from "node:events";
import type { Readable } from "node:stream";
import type { PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import type { NewObject } from "./object";

const LEAST_PART = 64 * 1024 ** 2;
const MOST_PARTS = 10_000;

type Input = PutObjectCommandInput;

/** Stores an object in one request. Gives its ETag. */
export async function putWhole(
  client: S3Client,
  input: Input,
  object: NewObject,
  signal: AbortSignal,
): Promise<string> {
  const { PutObjectCommand } = await import("@aws-sdk/client-s3");
  const { body, bytes, sha256 } = object;
  const contents = typeof body === "function" ? body() : body;
  const command = new PutObjectCommand({ ...input, Body: contents, ContentLength: bytes });
  // Signed with the request, so that the store itself refuses contents that are not these: half of a file, too, when this process is killed.
  command.middlewareStack.add(
    (next) => (args) => {
      if (hasHeaders(args.request)) args.request.headers["x-amz-content-sha256"] = sha256;
      return next(args);
    },
    { step: "build", name: "contentSha256" },
  );
  const send = async (abortSignal: AbortSignal) => (await client.send(command, { abortSignal })).ETag ?? "";
  return Buffer.isBuffer(contents) ? send(signal) : whileReading(contents, signal, send);
}

/**
 * Stores in parts what is too large for one request; at most three parts are in memory. Parts of an upload that fails stay where they
 * are: taking them away needs s3:AbortMultipartUpload, which the application has not (a lifecycle rule of the bucket does it).
 */
export async function putInParts(
  client: S3Client,
  input: Input,
  object: NewObject,
  signal: AbortSignal,
): Promise<string> {
  const { Upload } = await import("@aws-sdk/lib-storage");
  const { body, bytes } = object;
  if (typeof body !== "function") return putWhole(client, input, object, signal);
  const contents = body();
  return whileReading(contents, signal, async (linked) => {
    const abortController = new AbortController();
    const stop = () => abortController.abort();
    linked.addEventListener("abort", stop, { once: true });
    const upload = new Upload({
      client,
      params: { ...input, Body: contents },
      partSize: Math.max(LEAST_PART, Math.ceil(bytes / MOST_PARTS)),
      queueSize: 2,
      leavePartsOnError: true,
      abortController,
    });
    return (await upload.done()).ETag ?? "";
  });
}

/** The SDK would wait for the rest of a stream that has failed. */
async function whileReading(
  stream: Readable,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<string>,
): Promise<string> {
  const stop = new AbortController();
  const failed = new Promise<never>((_, reject) => {
    stream.once("error", (error) => {
      reject(error);
      stop.abort();
    });
  });
  const sent = send(AbortSignal.any([stop.signal, signal]));
  try {
    return await Promise.race([sent, failed]);
  } finally {
    stream.destroy();
    await sent.catch(() => undefined);
    // Whoever gave the stream closes its file next: no read of it may be under way then.
    if (!stream.closed) await once(stream, "close").catch(() => undefined);
  }
}

const hasHeaders = (request: unknown): request is { headers: Record<string, string> } =>
  typeof request === "object" && request !== null && "headers" in request;
