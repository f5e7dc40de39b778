import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { programOf } from "../../tools/cache";
import { VERSITYGW } from "../../tools/goTool";
import { freePort, inFolder, listens, type Server, startServer } from "./process";
import { signed, urlOf } from "./signedRequest";
import { OPTIONS } from "./tools";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface S3Server extends Pick<Server, "log" | "stop"> {
  /** `http://127.0.0.1:<port>`; objects are addressed by path, not by host. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** AWS_* for child processes: keys, region, and the endpoint. */
  readonly env: Readonly<Record<string, string>>;
  /** Where each bucket is a folder and each object a file, for tests that damage them behind the server's back. */
  readonly folder: string;
  /** Any signed request. Path: bucket, key. Gives whatever is answered. */
  request(method: string, path: readonly string[], options?: RequestOptions): Promise<Answer>;
  createBucket(name: string, options?: { readonly versioned?: boolean }): Promise<void>;
  put(bucket: string, key: string, body: string | Uint8Array): Promise<void>;
  /** The object; undefined when there is none. */
  get(bucket: string, key: string): Promise<Buffer | undefined>;
  /** The keys in a bucket, sorted. */
  list(bucket: string, prefix?: string): Promise<readonly string[]>;
  delete(bucket: string, key: string): Promise<void>;
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const KEYS = { region: "us-east-1", accessKey: "test-access", secretKey: "test-secret-of-this-machine" };

/** Starts an S3 server on an empty folder. It knows multipart uploads, versions and conditional writes. */
export async function startS3(): Promise<S3Server> {
  const program = await programOf(VERSITYGW, OPTIONS);
  return inFolder(async (folder) => {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const [data, versions, meta] = ["data", "versions", "meta"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const place of [data, versions, meta]) mkdirSync(place);
    const server = await startServer({
      name: "versitygw",
      command: program,
      // Attributes of objects in files beside them: not every file system has attributes of its own.
      args: [
        "--port",
        `127.0.0.1:${port}`,
        "--region",
        KEYS.region,
        "posix",
        "--versioning-dir",
        versions,
        "--sidecar",
        meta,
        data,
      ],
      env: { ROOT_ACCESS_KEY_ID: KEYS.accessKey, ROOT_SECRET_ACCESS_KEY: KEYS.secretKey, PATH: process.env.PATH },
      folder,
      ready: () => listens(port),
    });
    return { ...client(endpoint), folder: data, log: server.log, stop: server.stop };
  });
}

function client(endpoint: string): Omit<S3Server, "folder" | "log" | "stop"> {
  const request: S3Server["request"] = async (method, path, { query, headers = {}, body = "" } = {}) => {
    const bytes = Buffer.from(body);
    const url = urlOf(endpoint, path, query);
    const sent = signed(method, url, bytes, headers, KEYS);
    const answer = await fetch(url, { method, headers: sent, ...(bytes.length === 0 ? {} : { body: bytes }) });
    return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
  };
  const must: S3Server["request"] = async (method, path, options) => {
    const answer = await request(method, path, options);
    if (answer.status >= 300) throw new Error(`${method} ${path.join("/")} gave ${answer.status}: ${answer.body}`);
    return answer;
  };
  return {
    ...KEYS,
    endpoint,
    env: {
      AWS_ACCESS_KEY_ID: KEYS.accessKey,
      AWS_SECRET_ACCESS_KEY: KEYS.secretKey,
      AWS_REGION: KEYS.region,
      AWS_DEFAULT_REGION: KEYS.region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    request,
    async createBucket(name, { versioned = false } = {}) {
      await must("PUT", [name]);
      const body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
      if (versioned) await must("PUT", [name], { query: { versioning: "" }, body });
    },
    async put(bucket, key, body) {
      await must("PUT", [bucket, key], { body });
    },
    async get(bucket, key) {
      const answer = await request("GET", [bucket, key]);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw new Error(`${bucket}/${key} gave ${answer.status}: ${answer.body}`);
      return answer.body;
    },
    async list(bucket, prefix = "") {
      const keys: string[] = [];
      let token: string | undefined = "";
      while (token !== undefined) {
        const query: Record<string, string> = {
          "list-type": "2",
          prefix,
          ...(token === "" ? {} : { "continuation-token": token }),
        };
        const text: string = String((await must("GET", [bucket], { query })).body);
        keys.push(...[...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => plain(key)));
        token = /<NextContinuationToken>([^<]+)</.exec(text)?.[1];
      }
      return keys.sort();
    },
    async delete(bucket, key) {
      await must("DELETE", [bucket, key]);
    },
  };
}

const SIGNS: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'" };
const plain = (text: string): string => text.replace(/&(amp|lt|gt|#34|#39);/g, (sign) => SIGNS[sign] ?? sign);
