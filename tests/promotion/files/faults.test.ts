import { appendFileSync, chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { moveFolder } from "../../../promotion/files/move";
import { probeStore } from "../../../promotion/files/store/probe";
import { verifyFolder } from "../../../promotion/files/verify";
import { ExitCode } from "../../../settings";
import { freePort } from "../../servers/process";
import { proxy, s3Error } from "./proxy";
import { closing, contents, place, s3ForThisFile, settingsOf } from "./setup";

const s3 = s3ForThisFile();

const isPut = (key: string) => (asked: { method?: string; url?: string }) =>
  asked.method === "PUT" && asked.url?.includes(`/${key}`) === true;
const isGet = (key: string) => (asked: { method?: string; url?: string }) =>
  asked.method === "GET" && asked.url?.includes(`/${key}`) === true;

describe("a file that changes while it is copied", () => {
  it("is copied again, small or large, until folder and bucket are the same", async () => {
    let writes = 0;
    let folder = "";
    const endpoint = await proxy(s3().endpoint, {
      before(asked) {
        if (writes < 2 && isPut("small")(asked)) appendFileSync(join(folder, "small"), ` and ${++writes}`);
        if (writes < 4 && isGet("large")(asked)) writeFileSync(join(folder, "large"), contents(++writes, 6_000_000));
      },
    });
    const here = await place(s3(), endpoint);
    folder = here.folder;
    here.write("small", "first");
    here.write("large", contents(0, 6_000_000));
    expect(await moveFolder(here)).toMatchObject({ files: 2, open: 0, left: { count: 0 } });
    expect(writes).toBe(4);
    expect(await verifyFolder({ ...here, full: true })).toMatchObject({ agrees: true, files: 2 });
  });

  it("may be removed or become shorter while it is sent", async () => {
    let folder = "";
    let once = true;
    const endpoint = await proxy(s3().endpoint, {
      before(asked) {
        if (isPut("removed")(asked)) rmSync(join(folder, "removed"), { force: true });
        if (once && isPut("shorter")(asked)) {
          once = false;
          writeFileSync(join(folder, "shorter"), "short now");
        }
      },
    });
    const here = await place(s3(), endpoint);
    folder = here.folder;
    here.write("removed", "x");
    here.write("shorter", contents(1, 60_000_000));
    const moved = await moveFolder(here);
    expect(moved).toMatchObject({ files: 1, open: 0, left: { count: 0 } });
    expect(await here.objects()).toMatchObject({ shorter: "short now" });
    expect(await verifyFolder({ ...here, full: true })).toMatchObject({ files: 1, objects: 1 });
  });

  it("stays open when it never rests, and is moved by the next call", async () => {
    let writing = true;
    let folder = "";
    let n = 0;
    const endpoint = await proxy(s3().endpoint, {
      before(asked) {
        if (writing && isPut("busy")(asked)) writeFileSync(join(folder, "busy"), String(n++));
      },
    });
    const here = await place(s3(), endpoint);
    folder = here.folder;
    here.write("busy", "start");
    here.write("quiet", "quiet");
    expect(await moveFolder(here)).toMatchObject({ open: 1, passes: 10 });
    expect((await verifyFolder(here)).agrees).toBe(false);
    writing = false;
    expect(await moveFolder(here)).toMatchObject({ files: 2, open: 0 });
    expect(await verifyFolder({ ...here, full: true })).toMatchObject({ agrees: true });
  });
});

describe("a store that fails", () => {
  it("and damages what it keeps is found out by reading back; once is healed, always is told", async () => {
    let damage = 1;
    const endpoint = await proxy(s3().endpoint, {
      change(asked, part) {
        if (!isGet("victim")(asked) || damage-- <= 0) return part;
        const changed = Buffer.from(part);
        changed[5] = (changed[5] ?? 0) ^ 4;
        return changed;
      },
    });
    const here = await place(s3(), endpoint);
    here.write("victim", contents(1, 5000));
    expect(await moveFolder(here)).toMatchObject({ files: 1, copied: 1 });
    here.write("victim", contents(2, 5000));
    damage = 1e9;
    await expect(moveFolder(here)).rejects.toMatchObject({
      message: expect.stringMatching(/gives back other contents than were stored, for "victim"/),
      exitCode: ExitCode.failed,
    });
    damage = 0;
    expect(await moveFolder(here)).toMatchObject({ files: 1, open: 0 });
    expect(await verifyFolder({ ...here, full: true })).toMatchObject({ agrees: true });
  });

  it("and cuts connections is asked again, and goes on where it was when it is gone for longer", async () => {
    const gets = new Map<string, number>();
    let down = false;
    const endpoint = await proxy(s3().endpoint, {
      // Of an object's reads, two of three.
      cut({ method, url = "" }) {
        if (down) return 0;
        if (method !== "GET") return undefined;
        const read = gets.get(url) ?? 0;
        gets.set(url, read + 1);
        return read % 3 === 2 ? undefined : 200;
      },
    });
    const here = await place(s3(), endpoint);
    for (let n = 0; n < 40; n++) here.write(`file ${n}`, contents(n, 5000));
    let seen = 0;
    await expect(
      moveFolder({
        ...here,
        onProgress: ({ done }) => {
          seen = Math.max(seen, done);
          down = done >= 20;
        },
      }),
    ).rejects.toThrow(/cannot be reached: the connection was lost. What was copied stays/);
    down = false;
    expect(seen).toBeGreaterThanOrEqual(20);
    const moved = await moveFolder(here);
    expect(moved).toMatchObject({ files: 40, open: 0 });
    expect(moved.copied).toBeLessThanOrEqual(40 - 20 + 16);
    expect(await verifyFolder({ ...here, full: true })).toMatchObject({ agrees: true });
  });

  it("can be left at any moment", async () => {
    const here = await place(s3());
    for (let n = 0; n < 30; n++) here.write(`file ${n}`, contents(n, 1000));
    const stop = new AbortController();
    await expect(
      moveFolder({ ...here, signal: stop.signal, onProgress: ({ done }) => done > 5 && stop.abort() }),
    ).rejects.toMatchObject({ name: "AbortError" });
    expect(await moveFolder(here)).toMatchObject({ files: 30 });
  });

  it.each([
    ["PUT", "s3:PutObject"],
    ["GET", "s3:GetObject"],
    ["DELETE", "s3:DeleteObject"],
    ["LIST", "s3:ListBucket"],
  ])("and does not allow %s is told by the name of the action %s, before anything is moved", async (what, action) => {
    const endpoint = await proxy(s3().endpoint, {
      answer: ({ method, url = "" }) =>
        (url.includes("list-type") ? "LIST" : method) === what
          ? { status: 403, body: s3Error("AccessDenied") }
          : undefined,
    });
    const here = await place(s3(), endpoint);
    here.write("a", "a");
    await expect(moveFolder(here)).rejects.toThrow(`does not allow ${action} with these credentials`);
    expect(Object.keys(await place(s3()).then((other) => other.objects()))).toEqual([]);
  });

  it("is asked for nothing but the four actions that the application has (S1-80), for files in parts too", async () => {
    const asked = new Set<string>();
    const endpoint = await proxy(s3().endpoint, {
      before: ({ method = "", url = "" }) => {
        const { pathname, searchParams } = new URL(url, "http://x");
        const query = [...searchParams.keys()].filter((key) => key !== "x-id").sort();
        asked.add(
          `${method} ${pathname.split("/").length > 2 && !pathname.endsWith("/") ? "object" : "bucket"} ${query}`,
        );
      },
    });
    const here = await place(s3(), endpoint, { partsFrom: 5_000_000 });
    const large = contents(1, 65 * 1024 ** 2 + 5);
    here.write("a", "a");
    here.write("large", large);
    await moveFolder(here);
    expect((await s3().get(here.bucket, "large"))?.equals(large)).toBe(true);
    here.write("large", large.subarray(60_000_001));
    rmSync(join(here.folder, "a"));
    await moveFolder(here);
    await verifyFolder({ ...here, full: true });
    expect([...asked].sort()).toEqual([
      "DELETE object ",
      "GET bucket encoding-type,list-type,prefix",
      "GET object ",
      "HEAD object ",
      "POST object uploadId",
      "POST object uploads",
      "PUT object ",
      "PUT object partNumber,uploadId",
    ]);
  });

  it.each([
    ["InvalidAccessKeyId", 403, /does not know the access key\. Check FILE_STORAGE_S3_ACCESS_KEY/],
    ["SignatureDoesNotMatch", 403, /does not take the secret key/],
    ["RequestTimeTooSkewed", 403, /The clock of this machine \(.*\) is too far from that of/],
    ["ExpiredToken", 400, /have expired\. Renew them/],
    ["PermanentRedirect", 301, /is not in region us-east-1/],
    ["XMinioStorageFull", 507, /has no room left/],
    ["InternalError", 500, /failed at s3:ListBucket: InternalError \(HTTP 500\)/],
  ])("with %s is told in one sentence", async (code, status, message) => {
    const endpoint = await proxy(s3().endpoint, { answer: () => ({ status, body: s3Error(code) }) });
    const store = await closing(settingsOf(s3(), "any-bucket", endpoint));
    await expect(probeStore(store)).rejects.toMatchObject({
      name: "UserError",
      message: expect.stringMatching(message),
    });
  });

  it("with wrong keys, that nobody runs, or that has no name is told so by real servers", async () => {
    const { accessKey, secretKey, endpoint } = s3();
    await s3().createBucket("real-bucket");
    const settings = settingsOf(s3(), "real-bucket");
    const told = async (change: object) =>
      probeStore(await closing({ ...settings, ...change })).then(String, (error: Error) => error.message);
    const credentials = (accessKeyId: string, secretAccessKey: string) => ({
      credentials: { accessKeyId, secretAccessKey },
    });
    expect(await told(credentials("nobody", secretKey))).toMatch(/does not know the access key/);
    expect(await told(credentials(accessKey, "wrong secret"))).toMatch(/does not take the secret key/);
    expect(await told({ endpoint: `http://127.0.0.1:${await freePort()}` })).toMatch(
      /cannot be reached: nobody listens/,
    );
    expect(await told({ endpoint: "http://no-such-host.invalid" })).toMatch(/cannot be reached: its name/);
    expect(await told({ endpoint: endpoint.replace("http:", "https:") })).toMatch(/is it http instead of https/);
  });

  it("and that overwrites although it is asked not to is refused", async () => {
    let puts = 0;
    const endpoint = await proxy(s3().endpoint, {
      before(asked) {
        if (asked.method === "PUT" && puts++ > 0) delete asked.headers["if-none-match"];
      },
      answer: (asked) => (asked.method === "PUT" && puts > 0 ? { status: 200 } : undefined),
    });
    const here = await place(s3(), endpoint);
    await expect(moveFolder(here)).rejects.toMatchObject({
      message: expect.stringMatching(/replaces objects although it is asked not to/),
      exitCode: ExitCode.refused,
    });
  });
});

describe("a folder that fails", () => {
  it("is told by its name", async () => {
    const here = await place(s3());
    here.write("file", "x");
    await expect(moveFolder({ ...here, folder: join(here.folder, "nowhere") })).rejects.toThrow(
      /nowhere cannot be used: there is no such place \(ENOENT\)/,
    );
    await expect(moveFolder({ ...here, folder: join(here.folder, "file") })).rejects.toThrow(/is no folder/);
    chmodSync(here.folder, 0o755);
  });
});
