import { existsSync, readFileSync } from "node:fs";
import { fakePulumi, writeScript } from "../local/engine/fakes";
import type { Project } from "../support/project";

export interface FakeEngine {
  readonly env: NodeJS.ProcessEnv;
  /** What it was called with, a line each; the question for its version aside. */
  calls(): string[];
}

const PREVIEW = '{"steps":[{"op":"create","urn":"urn:pulumi:dev::p::t::a"}],"changeSummary":{"create":1}}';

/**
 * Puts an engine on the PATH that notes what it is asked. It knows no stack and finds one resource to create. Called with
 * a command that begins with `slow`, it works until a signal stops it, and fails then, as the real one does.
 */
export function fakeEngine(project: Project, { slow = "nothing" } = {}): FakeEngine {
  const bin = `${project.outside}/bin`;
  const log = `${project.outside}/calls`;
  fakePulumi(bin, "3.259.0");
  writeScript(
    `${bin}/pulumi`,
    `[ "$1" = version ] && exec echo v3.259.0
echo "$*" >> '${log}'
case "$*" in
  "${slow}"*) trap 'exit 1' INT TERM; for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & wait $!; done ;;
  "stack --show-name"*) echo "error: no stack named 'dev' found" >&2; exit 6 ;;
  preview*) echo '${PREVIEW}' ;;
  "stack output"*) echo '{}' ;;
  "stack export"*) echo '{"deployment":{}}' ;;
  "stack history"*) echo '[]' ;;
esac`,
  );
  return {
    env: { PATH: `${bin}:${process.env.PATH}` },
    calls: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
  };
}

/** Makes the project's own state look as if the stack were in it. */
export function pretendStack(project: Project): void {
  project.write(".ladder/state/.pulumi/stacks/scaling-ladder/dev.json", "{}");
  project.write(".ladder/passphrase", "a passphrase\n");
}
