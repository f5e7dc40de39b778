import { rmSync } from "node:fs";
import { join } from "node:path";
import { capture, lastLine } from "./childProcess";
import { reasonOf, WayFailed } from "./errors";
import { findGo, type Go } from "./goEnvironment";
import { type GoModule, LANGUAGE_HOST_MODULE, lockedPulumiVersion, PULUMI_MODULE } from "./goModules";
import { withHeartbeat } from "./heartbeat";
import { writeLanguageHostLauncher, writeLaunchers } from "./launchers";
import type { FindOptions } from "./types";

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Builds the CLI and the Node.js language host from the Go modules in `go/` into `<folder>/bin` and writes the launch
 * scripts beside them. Takes 4 to 5 minutes on 2 cores the first time.
 * @param scratch where Go's caches go if it has no usable ones of its own; removed after a build that succeeded.
 */
export async function buildEngine(folder: string, scratch: string, options: FindOptions): Promise<void> {
  const { progress, env, signal } = options;
  const go = await findGo(scratch, env, signal).catch(givingUp(signal));
  progress(
    `Building the Pulumi engine ${lockedPulumiVersion()} with Go, once: 4 to 5 minutes on 2 cores, plus the downloads`,
  );
  const binDir = join(folder, "bin");
  const modules = [PULUMI_MODULE, LANGUAGE_HOST_MODULE];
  const work = { doing: "preparing" };
  await withHeartbeat(
    progress,
    () => `Building the Pulumi engine: ${work.doing}`,
    async () => {
      let packages = 0;
      for (const module of modules) packages += await download(go, module, work, signal);
      progress(`Building the Pulumi engine: sources are here, compiling up to ${packages} packages`);
      let compiled = 0;
      for (const module of modules) {
        await compile(go, module, binDir, signal, () => {
          compiled += 1;
          work.doing = `compiling, ${compiled} of at most ${packages} packages done`;
        });
      }
    },
  ).catch(givingUp(signal));
  writeLaunchers(binDir);
  writeLanguageHostLauncher(binDir);
  rmSync(scratch, { recursive: true, force: true });
}

function givingUp(signal: AbortSignal | undefined): (error: unknown) => never {
  return (error) => {
    signal?.throwIfAborted();
    throw new WayFailed(reasonOf(error));
  };
}

/** Fetches the sources that the program needs and gives the number of its packages. */
async function download(
  go: Go,
  module: GoModule,
  work: { doing: string },
  signal: AbortSignal | undefined,
): Promise<number> {
  let fetched = 0;
  work.doing = `downloading modules for ${module.binary}`;
  // `go list` fetches what the program imports; `go mod download` would fetch the whole graph.
  const listed = await capture(go.command, ["list", "-mod=readonly", "-modcacherw", "-deps", module.program], {
    cwd: module.folder,
    env: go.env,
    signal,
    onErrorLine: (line) => {
      if (!line.startsWith("go: downloading ")) return;
      fetched += 1;
      work.doing = `downloading modules for ${module.binary}, ${fetched} so far`;
    },
  });
  if (listed.code !== 0) throw new WayFailed(`go list for ${module.binary} failed (${lastLine(listed.stderr)})`);
  return listed.stdout.trim().split("\n").length;
}

async function compile(
  go: Go,
  module: GoModule,
  binDir: string,
  signal: AbortSignal | undefined,
  onPackage: () => void,
): Promise<void> {
  const version = module === PULUMI_MODULE ? [`-ldflags=-X ${VERSION_VARIABLE}=v${lockedPulumiVersion()}`] : [];
  const flags = ["-mod=readonly", "-modcacherw", "-trimpath", "-buildvcs=false", "-v", ...version];
  const built = await capture(go.command, ["build", ...flags, "-o", join(binDir, module.binary), module.program], {
    cwd: module.folder,
    env: go.env,
    signal,
    // With -v Go names each package that it compiles.
    onErrorLine: (line) => {
      if (/^[\w.-]+(\/[\w.~-]+)*$/.test(line)) onPackage();
    },
  });
  if (built.code !== 0) throw new WayFailed(`go build of ${module.binary} failed (${lastLine(built.stderr)})`);
}
