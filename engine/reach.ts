import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** The proxy that HTTPS requests go through, as curl and Node understand the variables. */
export function proxyFor(host: string, env: NodeJS.ProcessEnv): URL | undefined {
  const text = env.HTTPS_PROXY || env.https_proxy;
  if (!text) return undefined;
  const exempt = (env.NO_PROXY || env.no_proxy || "").split(",").map((entry) => entry.trim().replace(/^\*?\./, ""));
  if (exempt.some((entry) => entry === "*" || (entry !== "" && (host === entry || host.endsWith(`.${entry}`))))) {
    return undefined;
  }
  try {
    return new URL(text.includes("://") ? text : `http://${text}`);
  } catch {
    return undefined;
  }
}

/** True when an HTTPS connection to the host comes about within the time, through the proxy if there is one. */
export async function canReach(host: string, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<boolean> {
  const proxy = proxyFor(host, env);
  const sockets: Socket[] = [];
  const keep = (socket: Socket) => {
    sockets.push(socket);
    return socket;
  };
  const attempt = new Promise<boolean>((resolve) => {
    const secure = (socket?: Socket) =>
      keep(connectTls({ host, port: 443, servername: host, socket }, () => resolve(true))).on("error", () =>
        resolve(false),
      );
    if (!proxy) {
      secure();
      return;
    }
    const port = Number(proxy.port || (proxy.protocol === "https:" ? 443 : 80));
    const toProxy =
      proxy.protocol === "https:"
        ? connectTls({ host: proxy.hostname, port, servername: proxy.hostname })
        : connectPlain(port, proxy.hostname);
    const login = proxy.username
      ? `Proxy-Authorization: Basic ${Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString("base64")}\r\n`
      : "";
    keep(toProxy).on("error", () => resolve(false));
    toProxy.once(proxy.protocol === "https:" ? "secureConnect" : "connect", () => {
      toProxy.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n${login}\r\n`);
    });
    toProxy.once("data", (answer: Buffer) => {
      if (/^HTTP\/1\.[01] 200/.test(answer.toString("latin1"))) secure(toProxy);
      else resolve(false);
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([attempt, limit]);
  } finally {
    clearTimeout(timer);
    for (const socket of sockets) socket.destroy();
  }
}
