import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { programOf, programsOf } from "../../tools/cache";
import { CRDS } from "../../tools/crds";
import { ETCD, KUBE_APISERVER } from "../../tools/goTool";
import { type Api, type KubernetesObject, kubernetesApi } from "./kubernetesApi";
import { freePort, inFolder, listens, type Server, startServer } from "./process";
import { OPTIONS } from "./tools";

export interface Kubernetes extends Api, Pick<Server, "log" | "stop"> {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** Of a user who may do everything. */
  readonly token: string;
  /** The server's certificate, PEM. */
  readonly ca: string;
  /** A file for KUBECONFIG. */
  readonly kubeconfig: string;
}

/**
 * Starts a real API server on an etcd of its own, with RBAC, all admission that is on by default, and the custom
 * resources of the operators. No controller and no node: objects stay as they were made, and pods do not start.
 * A namespace that says nothing warns of pods that Pod Security `restricted` would refuse.
 */
export async function startKubernetes(): Promise<Kubernetes> {
  const [etcd, apiServer, crds] = [
    await programOf(ETCD, OPTIONS),
    await programOf(KUBE_APISERVER, OPTIONS),
    await programsOf(CRDS, OPTIONS),
  ];
  return inFolder(async (folder) => {
    const store = await startEtcd(etcd, folder);
    try {
      const server = await startApiServer(apiServer, store.url, folder);
      const stop = async () => {
        await server.stop();
        await store.stop();
      };
      await define(server, crds);
      return { ...server, stop };
    } catch (error) {
      await store.stop();
      throw error;
    }
  });
}

async function startEtcd(command: string, folder: string): Promise<Server & { readonly url: string }> {
  const [port, peerPort] = [await freePort(), await freePort()];
  const [url, peers] = [port, peerPort].map((one) => `http://127.0.0.1:${one}`) as [string, string];
  const urls = { "listen-client-urls": url, "advertise-client-urls": url, "listen-peer-urls": peers };
  const peer = { "initial-advertise-peer-urls": peers, "initial-cluster": `default=${peers}` };
  const server = await startServer({
    name: "etcd",
    command,
    args: ["--unsafe-no-fsync", ...flags({ "data-dir": join(folder, "etcd"), ...urls, ...peer })],
    env: { PATH: process.env.PATH },
    folder,
    ready: () => listens(port),
  });
  return { ...server, url };
}

async function startApiServer(command: string, store: string, folder: string): Promise<Kubernetes> {
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const token = randomBytes(16).toString("hex");
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const certificates = join(folder, "certificates");
  const certificate = () => readFileSync(join(certificates, "apiserver.crt"), "utf8");
  const server = await startServer({
    name: "kube-apiserver",
    command,
    args: flags({
      "etcd-servers": store,
      "secure-port": String(port),
      "bind-address": "127.0.0.1",
      "cert-dir": certificates,
      "service-account-key-file": file("accounts.pub", publicKey),
      "service-account-signing-key-file": file("accounts.key", privateKey),
      "service-account-issuer": "https://kubernetes.default.svc",
      "service-cluster-ip-range": "10.0.0.0/24",
      "authorization-mode": "RBAC",
      "token-auth-file": file("tokens.csv", `${token},tester,1,"system:masters"\n`),
      // Nobody makes the account that each pod would have to name.
      "disable-admission-plugins": "ServiceAccount",
      "admission-control-config-file": file("admission.yaml", stringify(ADMISSION)),
    }),
    env: { PATH: process.env.PATH },
    folder,
    async ready() {
      if (!(await listens(port))) return false;
      const answer = await kubernetesApi({ url, token, ca: certificate() })
        .get("/readyz")
        .catch(() => undefined);
      return answer?.status === 200;
    },
  });
  const ca = certificate();
  const kubeconfig = file("kubeconfig", stringify(kubeconfigOf(url, token, ca)));
  return { url, token, ca, kubeconfig, ...kubernetesApi({ url, token, ca }), log: server.log, stop: server.stop };
}

const flags = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).map(([name, value]) => `--${name}=${value}`);

const ADMISSION = {
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "AdmissionConfiguration",
  plugins: [
    {
      name: "PodSecurity",
      configuration: {
        apiVersion: "pod-security.admission.config.k8s.io/v1",
        kind: "PodSecurityConfiguration",
        defaults: { warn: "restricted", "warn-version": "latest" },
      },
    },
  ],
};

function kubeconfigOf(url: string, token: string, ca: string): object {
  const certificate = Buffer.from(ca).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server: url, "certificate-authority-data": certificate } }],
    users: [{ name: "test", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  };
}

/** The part of a CustomResourceDefinition that is read. */
interface Definition extends KubernetesObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** Defines the custom resources, and waits until the server serves them. */
async function define(api: Api, folder: string): Promise<void> {
  const definitions = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => parse(readFileSync(join(folder, name), "utf8")) as Definition);
  // One after the other: all at once, a slow machine would not have taken the last of these large ones within the time for a request.
  for (const definition of definitions) {
    const { status, message } = await api.apply(definition);
    if (status >= 300) throw new Error(`${definition.metadata.name} was not defined: ${message}`);
  }
  for (const { spec } of definitions)
    for (const version of spec.versions.filter(({ served }) => served))
      await api.served(`${spec.group}/${version.name}`, spec.names.kind);
}
