import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a proxy does with a request, or with its answer. Undefined: passes it on. */
export interface Faults {
  /** Answers itself. */
  answer?(asked: IncomingMessage): { readonly status: number; readonly body?: string } | undefined;
  /** Cuts the connection instead of answering; after so many bytes of the answer's body. */
  cut?(asked: IncomingMessage): number | undefined;
  /** Changes a part of the answer's body. */
  change?(asked: IncomingMessage, part: Buffer): Buffer;
  /** Before the request is passed on. */
  before?(asked: IncomingMessage): void;
}

/** Stands between a client and an S3 server, and passes on Host as it was, so that signatures stay right. Gives its address. */
export async function proxy(endpoint: string, faults: Faults): Promise<string> {
  const server = createServer((asked, answer) => {
    const own = faults.answer?.(asked);
    faults.before?.(asked);
    if (own !== undefined) {
      asked.resume();
      asked.once("end", () => answer.writeHead(own.status, { "content-type": "application/xml" }).end(own.body));
      return;
    }
    pass(endpoint, faults, asked, answer);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function pass(endpoint: string, faults: Faults, asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers, url = "/" } = asked;
  const { hostname, port } = new URL(endpoint);
  const onward = request({ hostname, port, path: url, method, headers }, (answered) => {
    const limit = faults.cut?.(asked);
    answer.writeHead(answered.statusCode ?? 500, answered.headers);
    let sent = 0;
    answered.on("data", (part: Buffer) => {
      const changed = faults.change?.(asked, part) ?? part;
      if (limit !== undefined && sent + part.length >= limit) {
        answer.write(changed.subarray(0, limit - sent), () => asked.socket.destroy());
        return;
      }
      sent += part.length;
      answer.write(changed);
    });
    answered.on("end", () => answer.end());
  });
  onward.on("error", () => asked.socket.destroy());
  asked.on("error", () => onward.destroy());
  asked.pipe(onward);
}

/** The error as S3 writes it. */
export const s3Error = (code: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>as asked</Message></Error>`;
