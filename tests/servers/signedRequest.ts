import { createHash, createHmac } from "node:crypto";

export interface Keys {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The URL of an object and a query, written as a signature wants it. */
export function urlOf(endpoint: string, path: readonly string[], query: Readonly<Record<string, string>> = {}): URL {
  const pairs = Object.entries(query).map((pair) => pair.map(encode).join("="));
  return new URL(
    `/${path
      .flatMap((part) => part.split("/"))
      .map(encode)
      .join("/")}?${pairs.sort().join("&")}`,
    endpoint,
  );
}

/** The headers of a request to S3, signed with version 4 of AWS's signatures. */
export function signed(
  method: string,
  url: URL,
  body: Uint8Array,
  given: Readonly<Record<string, string>>,
  { accessKey, secretKey, region }: Keys,
): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = [time.slice(0, 8), region, "s3", "aws4_request"];
  const headers: Record<string, string> = {
    ...given,
    host: url.host,
    "x-amz-content-sha256": sha256(body),
    "x-amz-date": time,
  };
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const asked = [method, url.pathname, url.search.slice(1), lines, names.join(";"), sha256(body)].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(asked)].join("\n");
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretKey}`);
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const { host: _, ...sent } = headers;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope.join("/")}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}
