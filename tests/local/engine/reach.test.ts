import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { canReach } from "../../../engine/reach";

let server: Server | undefined;
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
});

/** A proxy that answers every request for a tunnel like this; undefined for never. */
async function proxy(answer: string | undefined): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((socket) => {
    sockets.push(socket);
    socket
      .on("error", () => undefined)
      .on("data", (data) => {
        asked.push(data.toString("latin1"));
        if (answer) socket.write(answer);
      });
  });
  const listening = server;
  const port = await new Promise<number>((resolve) => {
    listening.listen(0, "127.0.0.1", () => {
      const address = listening.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  return { url: `http://127.0.0.1:${port}`, asked };
}

it("asks the proxy for a tunnel and takes no for an answer", async () => {
  const { url, asked } = await proxy("HTTP/1.1 403 Forbidden\r\n\r\n");
  expect(await canReach("site.example", { HTTPS_PROXY: url.replace("//", "//us%20er:pass@") }, 5_000)).toBe(false);
  expect(asked[0]).toMatch(
    /^CONNECT site\.example:443 HTTP\/1\.1\r\nHost: site\.example:443\r\nProxy-Authorization: Basic /,
  );
});

it("is yes only after the TLS handshake with the site", async () => {
  const { url, asked } = await proxy("HTTP/1.1 200 OK\r\n\r\n");
  expect(await canReach("site.example", { HTTPS_PROXY: url }, 5_000)).toBe(false);
  // The second thing that came was the TLS greeting, which our plain server cannot answer.
  expect(asked[1]?.charCodeAt(0)).toBe(0x16);
});

it("gives up in time when nobody answers", async () => {
  const { url } = await proxy(undefined);
  const started = Date.now();
  expect(await canReach("site.example", { HTTPS_PROXY: url }, 300)).toBe(false);
  expect(Date.now() - started).toBeLessThan(2_000);
});
