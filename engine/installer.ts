import { capture, lastLine } from "./childProcess";
import { reasonOf, WayFailed } from "./errors";
import { withHeartbeat } from "./heartbeat";
import { canReach } from "./reach";
import type { FindOptions } from "./types";

/** The SDK's installer fetches its script from here; asking first keeps a closed network a matter of seconds. */
const INSTALLER_HOST = "get.pulumi.com";
const REACH_MS = 3_000;
const INSTALL_MS = 10 * 60_000;

/** Whether the official installer's site answers from here; takes 3 s at most. */
export const installerReachable = (env: NodeJS.ProcessEnv): Promise<boolean> => canReach(INSTALLER_HOST, env, REACH_MS);

/**
 * Installs the CLI that belongs to the installed SDK, and its language hosts, into `<folder>/bin` with
 * `PulumiCommand.install`. It runs in a process of its own, so that it can be stopped and gets our environment.
 */
export async function installEngine(folder: string, { env, progress, signal }: FindOptions): Promise<void> {
  if (!(await installerReachable(env))) {
    throw new WayFailed(`the installer's site cannot be reached from here (asked for ${REACH_MS / 1000} s at most)`);
  }
  progress("Installing the Pulumi engine with the official installer (about 100 MB)");
  const program = `require(process.argv[1]).PulumiCommand.install({ root: process.argv[2] })
    .catch((error) => { console.error(error.message); process.exit(1); })`;
  const done = await withHeartbeat(
    progress,
    () => "Installing the Pulumi engine: downloading",
    () =>
      capture(process.execPath, ["-e", program, require.resolve("@pulumi/pulumi/automation"), folder], {
        env,
        signal,
        timeoutMs: INSTALL_MS,
      }),
  ).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new WayFailed(reasonOf(error));
  });
  if (done.timedOut) throw new WayFailed(`not finished after ${INSTALL_MS / 60_000} min`);
  if (done.code !== 0) throw new WayFailed(lastLine(done.stderr) || `exit code ${done.code}`);
}
