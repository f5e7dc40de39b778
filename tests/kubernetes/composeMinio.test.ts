import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { programOf } from "../../tools/cache";
import { MINIO, MINIO_CLIENT } from "../../tools/goTool";
import { freePort, listens } from "../servers/process";
import { run } from "../servers/run";
import { OPTIONS } from "../servers/tools";
import { temporaryFolder } from "../support/temporary";
import { container } from "./composeContainer";
import { loadedStack, SMB } from "./composeStack";

/** MinIO and its preparation as the rendered Compose file starts them, with a server and a client built from their source. */

it("S1-64, S1-67: MinIO gets its bucket, and a user for the application with exactly the four actions", async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "files"));
  const { services } = await loadedStack(join(folder, "files"), SMB);
  const { minio, "minio-init": preparation, app } = services;
  if (minio === undefined || preparation === undefined || app === undefined) throw new Error("services are missing");
  // Where another user may run them.
  for (const tool of [MINIO, MINIO_CLIENT]) copyFileSync(await programOf(tool, OPTIONS), join(folder, tool.name));
  const programs = { PATH: [folder, process.env.PATH].join(delimiter), LANG: "C.UTF-8" };
  const [port, console] = [await freePort(), await freePort()];
  const here = (url = "") => url.replace("minio:9000", `127.0.0.1:${port}`);

  // The image's own entry is the program; its health check asks the server at the port that is MinIO's.
  const command = minio.command?.map((argument) => argument.replace(":9001", `127.0.0.1:${console}`)) ?? [];
  const box = container({ ...minio, entrypoint: ["minio"], command }, join(folder, "server"), programs, {
    MC_HOST_local: `http://127.0.0.1:${port}`,
  });
  // Asked before, it would wait: Docker gives it five seconds.
  const server = await box.start("minio", () => listens(port), ["--address", `127.0.0.1:${port}`]);
  onTestFinished(() => server.stop());
  await expect.poll(() => box.healthy(), { timeout: 30_000 }).toBe(true);

  const setup = container(preparation, join(folder, "init"), programs, {
    MC_HOST_minio: here(preparation.environment?.MC_HOST_minio),
  });
  for (let round = 1; round <= 2; round += 1)
    expect(await setup.run()).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining("bucket aibase and user aibase are there"),
    });

  const { FILE_STORAGE_S3_ACCESS_KEY: key, FILE_STORAGE_S3_SECRET_KEY: secret, ...rest } = app.environment ?? {};
  const env = {
    ...programs,
    HOME: folder,
    MC_HOST_app: here(rest.FILE_STORAGE_S3_ENDPOINT).replace("//", `//${key}:${secret}@`),
  };
  const mc = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(["mc", "--quiet", ...args], { env, input: "a file" });
    return code === 0 ? stdout : stderr;
  };
  const bucket = `app/${rest.FILE_STORAGE_S3_BUCKET}`;
  expect(await mc("pipe", `${bucket}/one.txt`)).not.toContain("ERROR");
  expect(await mc("cat", `${bucket}/one.txt`)).toBe("a file");
  expect(await mc("ls", bucket)).toContain("one.txt");
  // Versions are kept.
  expect(await mc("rm", `${bucket}/one.txt`)).toContain("Created delete marker");
  for (const denied of [
    ["mb", "app/other"],
    ["version", "suspend", bucket],
    ["rb", "--force", bucket],
    ["admin", "user", "list", "app"],
  ])
    expect(await mc(...denied), denied[0]).toContain("Access Denied");
});
