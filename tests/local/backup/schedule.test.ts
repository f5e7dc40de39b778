import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findScheduler, installSchedule, removeSchedule, showSchedule } from "../../../local/backup/schedule/install";
import { ExitCode } from "../../../settings/errors";
import { scratchFolder } from "./fixture";

const target = { root: "/srv/my project 100%", node: process.execPath, stack: "dev" };

/** A home and a PATH that hold nothing but the programs given. */
function machine(programs: Record<string, string>) {
  const home = scratchFolder();
  const bin = join(home, "bin");
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { home, env: { HOME: home, PATH: bin } };
}

const CRONTAB = `table="$HOME/table"
if [ "$1" = -l ]; then [ -f "$table" ] || { echo "no crontab for me" >&2; exit 1; }; exec cat "$table"; fi
[ "$1" = - ] && { echo x >> "$HOME/writes"; exec cat > "$table"; }`;
const SYSTEMCTL = 'echo "$*" >> "$HOME/calls"';

describe("the schedule on this machine", () => {
  it("S0-08: is shown without being installed", async () => {
    const { home, env } = machine({ crontab: CRONTAB });
    const schedule = await showSchedule(target, env);
    expect(schedule).toMatchObject({ scheduler: "cron", installed: false });
    expect(schedule.text).toContain("'/srv/my project 100\\%/cli/ladder.cjs' 'backup' 'create' 'dev' '--scheduled'");
    expect(readdirSync(home)).toEqual(["bin"]);
  });

  it("is put into the crontab once, beside the user's own lines, and taken out again", async () => {
    const { home, env } = machine({ crontab: CRONTAB });
    const own = "MAILTO=me\n5 4 * * * mine\n";
    writeFileSync(join(home, "table"), own);
    expect(await installSchedule(target, env)).toEqual({ scheduler: "cron", changed: true });
    expect(await installSchedule(target, env)).toEqual({ scheduler: "cron", changed: false });
    expect(readFileSync(join(home, "table"), "utf8").startsWith(own)).toBe(true);
    expect(await showSchedule(target, env)).toMatchObject({ installed: true });
    expect(await removeSchedule(target, env)).toEqual({ scheduler: "cron", changed: true });
    expect(await removeSchedule(target, env)).toEqual({ scheduler: "cron", changed: false });
    expect(readFileSync(join(home, "table"), "utf8")).toBe(own);
    expect(readFileSync(join(home, "writes"), "utf8")).toBe("x\nx\n");
  });

  it("never writes a crontab that it could not read", async () => {
    const { home, env } = machine({
      crontab: `[ "$1" = -l ] && { echo "not allowed here" >&2; exit 1; }; cat > "$HOME/table"`,
    });
    await expect(installSchedule(target, env)).rejects.toThrow("Reading the crontab failed: not allowed here.");
    expect(existsSync(join(home, "table"))).toBe(false);
    expect(await findScheduler(env)).toBeUndefined();
    expect(await showSchedule(target, env)).toMatchObject({ scheduler: undefined, installed: false });
  });

  it("is a systemd timer where there is a user manager", async () => {
    const { home, env } = machine({ crontab: CRONTAB, systemctl: SYSTEMCTL });
    expect(await installSchedule(target, env)).toEqual({ scheduler: "systemd", changed: true });
    expect(await installSchedule(target, env)).toEqual({ scheduler: "systemd", changed: false });
    expect(await showSchedule(target, env)).toMatchObject({ scheduler: "systemd", installed: true });
    const units = join(home, ".config/systemd/user");
    const timer = readdirSync(units).find((name) => name.endsWith(".timer"));
    expect(readdirSync(units)).toHaveLength(2);
    expect(readFileSync(join(home, "calls"), "utf8")).toContain(`--user daemon-reload\n--user enable --now ${timer}\n`);
    expect(await removeSchedule(target, env)).toEqual({ scheduler: "systemd", changed: true });
    expect(await removeSchedule(target, env)).toEqual({ scheduler: "systemd", changed: false });
    expect(readdirSync(units)).toEqual([]);
  });

  it("is not installed while its timer is disabled, and enabling it again is a change", async () => {
    const { home, env } = machine({
      systemctl: `[ "$2" = is-enabled ] && [ -f "$HOME/disabled" ] && exit 1
[ "$2" = enable ] && rm -f "$HOME/disabled"
exit 0`,
    });
    await installSchedule(target, env);
    writeFileSync(join(home, "disabled"), "");
    expect(await showSchedule(target, env)).toMatchObject({ scheduler: "systemd", installed: false });
    expect(await installSchedule(target, env)).toEqual({ scheduler: "systemd", changed: true });
    expect(await showSchedule(target, env)).toMatchObject({ installed: true });
    expect(await installSchedule(target, env)).toEqual({ scheduler: "systemd", changed: false });
  });

  it("falls back to cron when there is a systemctl but no user manager", async () => {
    const { env } = machine({ crontab: CRONTAB, systemctl: "exit 1" });
    expect((await installSchedule(target, env)).scheduler).toBe("cron");
  });

  it("says so where the machine has neither", async () => {
    const { env } = machine({});
    expect(await showSchedule(target, env)).toMatchObject({ scheduler: undefined, installed: false });
    for (const change of [installSchedule, removeSchedule])
      await expect(change(target, env)).rejects.toMatchObject({
        message: expect.stringMatching(/neither a systemd user manager .* nor `crontab`/),
        exitCode: ExitCode.missing,
      });
    expect(dirname(env.PATH)).toBe(env.HOME);
  });
});
