import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crontabBlock, crontabLine, withBlock, withoutBlock } from "../../../local/backup/schedule/crontab";
import { systemdUnits } from "../../../local/backup/schedule/systemd";
import { scheduleName } from "../../../local/backup/schedule/target";

const target = { root: "/home/me/my project", node: "/usr/bin/node", stack: "dev" };

/** What cron does to a command before sh gets it: an escaped % is a %, a bare one ends the line. */
const asCron = (line: string): string => {
  const command = line.split(" ").slice(5).join(" ");
  expect(command.replaceAll("\\%", "")).not.toContain("%");
  return command.replaceAll("\\%", "%");
};

describe("the schedule as text", () => {
  it("S0-08: a crontab line that runs the backup of the stack in the hour of 01:00 UTC", () => {
    expect(crontabLine(target)).toBe(
      `0 * * * * [ "$(date -u +\\%H)" = 01 ] && cd '/home/me/my project' && '/usr/bin/node' '/home/me/my project/cli/ladder.cjs' 'backup' 'create' 'dev' '--scheduled'`,
    );
  });

  it("carries any path through cron and sh unchanged", () => {
    const path = fc.string({ unit: fc.constantFrom(..."aé '\"%$`\\&;*~!#()") }).map((name) => `/r${name}`);
    fc.assert(
      fc.property(path, (root) => {
        const command = asCron(crontabLine({ ...target, root }));
        const words = command.slice(command.indexOf(" && cd ") + 7).replace(" && ", " ");
        const seen = execFileSync("sh", ["-c", `for word in ${words}; do printf '%s\\0' "$word"; done`]).toString();
        expect(seen.split("\0").slice(0, 3)).toEqual([root, "/usr/bin/node", `${root}/cli/ladder.cjs`]);
      }),
      { numRuns: 60 },
    );
  });

  it("puts one block into a crontab and takes exactly that out again", () => {
    const other = { ...target, stack: "team" };
    const lines = fc.array(fc.constantFrom("MAILTO=me", "5 4 * * * other", "# note", ""), { maxLength: 5 });
    fc.assert(
      fc.property(lines, (crontab) => {
        const before = withBlock(crontab.map((line) => `${line}\n`).join(""), other);
        const after = withBlock(before, target);
        expect(after).toBe(before + crontabBlock(target));
        expect(withBlock(after, target)).toBe(after);
        expect(withoutBlock(after, target)).toBe(before);
        expect(withoutBlock(before, target)).toBe(before);
      }),
    );
    expect(withBlock("last line without end", target)).toBe(`last line without end\n${crontabBlock(target)}`);
  });

  it("a systemd timer for 01:00 UTC that catches up, and a service with every word quoted", () => {
    const { service, timer } = systemdUnits({ root: '/srv/a "b" 100%$X\\', node: "/usr/bin/node", stack: "dev" });
    expect(timer.text).toContain("OnCalendar=*-*-* 01:00:00 UTC\nPersistent=true\n");
    expect(service.text).toContain('WorkingDirectory=/srv/a "b" 100%%$X\\\n');
    expect(service.text).toContain(
      'ExecStart="/usr/bin/node" "/srv/a \\"b\\" 100%%$$X\\\\/cli/ladder.cjs" "backup" "create" "dev" "--scheduled"\n',
    );
    expect(timer.name).toBe(service.name.replace(".service", ".timer"));
  });

  it("names stacks and checkouts apart, and refuses a path with a line break", () => {
    const names = [target, { ...target, stack: "team" }, { ...target, root: "/elsewhere" }].map(scheduleName);
    expect(new Set(names).size).toBe(3);
    expect(() => crontabLine({ ...target, root: "/a\nb" })).toThrow(/contains a line break/);
  });
});
