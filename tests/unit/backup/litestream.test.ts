import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { litestreamCommands, litestreamInstall, renderLitestreamConfig } from "../../../local/backup/litestream";

describe("Litestream, optional", () => {
  it("renders a folder replica, whatever the path holds", () => {
    const path = "/srv/my: app #1/$HOME/app.db";
    const config = parse(renderLitestreamConfig(path, { folder: "/mnt/copy" }));
    expect(config.dbs).toEqual([
      { path, "busy-timeout": "5s", replica: { type: "file", path: "/mnt/copy", "sync-interval": "1s" } },
    ]);
    expect(config.snapshot).toEqual({ interval: "24h", retention: "168h" });
  });

  it("renders an S3 replica without credentials", () => {
    const text = renderLitestreamConfig("/app.db", { s3Url: "s3://bucket/app", region: "eu-west-1" });
    expect(parse(text).dbs[0].replica).toEqual({ url: "s3://bucket/app", region: "eu-west-1", "sync-interval": "1s" });
  });

  it.each([
    [{ s3Url: "s3://AKIA:hunter2@bucket/app" }, /carries credentials/],
    [{ s3Url: "s3://bucket/app?secret=hunter2" }, /carries credentials or a query/],
    [{ s3Url: "https://bucket/hunter2" }, /is not a s3:\/\/ address/],
    [{ s3Url: "hunter2" }, /is not a s3:\/\/ address/],
    [{ s3Url: "s3://bucket", endpoint: "https://u:hunter2@host" }, /endpoint carries credentials/],
  ])("refuses %o without repeating it", (replica, message) => {
    const render = () => renderLitestreamConfig("/app.db", replica);
    expect(render).toThrow(message);
    expect(render).not.toThrow(/hunter2/);
  });

  it("pins the version and restores to a moment, checked", () => {
    expect(litestreamInstall).toMatch(/litestream@v\d+\.\d+\.\d+$/);
    expect(litestreamCommands.restore("l.yml", "a.db", "new.db", new Date(0)).join(" ")).toBe(
      "litestream restore -no-expand-env -config l.yml -integrity-check full -timestamp 1970-01-01T00:00:00.000Z -o new.db a.db",
    );
  });
});
