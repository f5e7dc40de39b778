import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { isObject, type Json, type JsonObject } from "../../crosscheck/captured";

/** An object as it is sent. */
export interface KubernetesObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string; readonly namespace?: string };
}

export interface Reply {
  readonly status: number;
  /** What the server warns of, one text each. */
  readonly warnings: readonly string[];
  readonly body: Json;
  /** Why it refused; empty when it did not. */
  readonly message: string;
}

export interface ApplyOptions {
  /** For an object that names none. Default: default. */
  readonly namespace?: string;
  /** Default: test. */
  readonly fieldManager?: string;
  /** Everything is asked and nothing is kept. */
  readonly dryRun?: boolean;
}

export interface Api {
  /** Server-side apply. An unknown or doubled field is refused; fields of other managers are taken over. */
  apply(object: KubernetesObject, options?: ApplyOptions): Promise<Reply>;
  /** Sends a new object. */
  create(object: KubernetesObject, options?: ApplyOptions): Promise<Reply>;
  get(path: string): Promise<Reply>;
  /** Waits until a custom resource is served, which is soon after its definition was taken. */
  served(apiVersion: string, kind: string): Promise<void>;
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const SERVED_WITHIN_MS = 180_000;

/** A client of an API server. */
export function kubernetesApi({ url, token, ca }: { url: string; token: string; ca: string }): Api {
  const groups = new Map<string, readonly Resource[]>();
  const send = (method: string, path: string, type: string, body?: JsonObject): Promise<Reply> =>
    ask(new URL(path, url), { method, ca, headers: { authorization: `Bearer ${token}`, "content-type": type } }, body);
  const get = (path: string) => send("GET", path, "application/json");

  async function resourceOf({
    apiVersion,
    kind,
  }: Pick<KubernetesObject, "apiVersion" | "kind">): Promise<Resource | undefined> {
    const known = groups.get(apiVersion)?.find((one) => one.kind === kind);
    if (known !== undefined) return known;
    const { status, body } = await get(rootOf(apiVersion));
    const resources = status === 200 && isObject(body) ? (body.resources as unknown as readonly Resource[]) : [];
    // Not `deployments/status` and the like.
    groups.set(
      apiVersion,
      resources.filter(({ name }) => !name.includes("/")),
    );
    return groups.get(apiVersion)?.find((one) => one.kind === kind);
  }

  async function place(object: KubernetesObject, namespace = "default"): Promise<string | Reply> {
    const resource = await resourceOf(object);
    if (resource === undefined)
      return {
        status: 404,
        warnings: [],
        body: null,
        message: `no matches for ${object.kind} in ${object.apiVersion}`,
      };
    const scope = resource.namespaced ? `/namespaces/${object.metadata.namespace ?? namespace}` : "";
    return `${rootOf(object.apiVersion)}${scope}/${resource.name}`;
  }

  const queryOf = ({ fieldManager = "test", dryRun = false }: ApplyOptions): string =>
    new URLSearchParams({ fieldManager, fieldValidation: "Strict", ...(dryRun ? { dryRun: "All" } : {}) }).toString();

  return {
    get,
    async apply(object, options = {}) {
      const path = await place(object, options.namespace);
      if (typeof path !== "string") return path;
      const target = `${path}/${object.metadata.name}?${queryOf(options)}&force=true`;
      return send("PATCH", target, "application/apply-patch+yaml", object);
    },
    async create(object, options = {}) {
      const path = await place(object, options.namespace);
      return typeof path === "string" ? send("POST", `${path}?${queryOf(options)}`, "application/json", object) : path;
    },
    async served(apiVersion, kind) {
      const until = Date.now() + SERVED_WITHIN_MS;
      for (;;) {
        const resource = await resourceOf({ apiVersion, kind });
        if (resource !== undefined && (await get(`${rootOf(apiVersion)}/${resource.name}`)).status === 200) return;
        if (Date.now() > until)
          throw new Error(`${kind} of ${apiVersion} is not served after ${SERVED_WITHIN_MS / 1000} s`);
        await sleep(100);
      }
    },
  };
}

const rootOf = (apiVersion: string): string =>
  apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

function ask(
  url: URL,
  options: { method: string; ca: string; headers: Record<string, string> },
  body?: JsonObject,
): Promise<Reply> {
  return new Promise((done, fail) => {
    const sent = request(url, options, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.once("error", fail).once("end", () => {
        const status = answer.statusCode ?? 0;
        const json = /json/.test(answer.headers["content-type"] ?? "") ? (JSON.parse(text) as Json) : text;
        const said = isObject(json) && typeof json.message === "string" ? json.message : text;
        done({ status, warnings: warningsIn(answer.rawHeaders), body: json, message: status >= 300 ? said : "" });
      });
    });
    sent.once("error", fail).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The headers `Warning: 299 - "text"`. */
function warningsIn(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders
    .filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "warning")
    .map((text) => /^299 - "(.*)"$/.exec(text)?.[1]?.replaceAll('\\"', '"') ?? text);
}
