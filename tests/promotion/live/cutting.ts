import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A connection to a server by way of which a network can fail. */
export interface CuttingProxy {
  readonly port: number;
  /** Cuts all that goes through it after so many bytes more; `Infinity`: never. */
  allow(bytes: number): void;
}

export async function cuttingProxy(host: string, port: number): Promise<CuttingProxy> {
  let left = Number.POSITIVE_INFINITY;
  const open = new Set<Socket>();
  const cut = (): void => {
    for (const socket of open) socket.destroy();
    open.clear();
  };
  const server = createServer((near) => {
    const far = connect({ host, port });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("data", (part) => {
        left -= part.length;
        if (left < 0) cut();
        else other.write(part);
      });
      one.on("error", () => undefined);
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    allow(bytes) {
      left = bytes;
    },
  };
}
