import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder for one test, with blanks in its name. */
export function scratchFolder(): { folder: string; remove: () => void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ladder engine ")));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function writeScript(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A `pulumi` that tells this version, with a language host beside it unless told otherwise. */
export function fakePulumi(folder: string, version: string, languageHost = true): string {
  if (languageHost) writeScript(join(folder, "pulumi-language-nodejs"), "exit 0");
  return writeScript(join(folder, "pulumi"), `echo v${version}`);
}

/**
 * A `go` that "builds" scripts: it records its arguments in `log`, needs `seconds` per program, and can fail.
 * `broken` makes it build programs that do not run.
 */
export function fakeGo(
  folder: string,
  log: string,
  options: { seconds?: number; fail?: string; broken?: boolean } = {},
): void {
  const { seconds = 0, fail, broken } = options;
  writeScript(
    join(folder, "go"),
    `echo "$*" >> '${log}'
case "$1" in
  version) echo "go version go1.26.0 linux/amd64" ;;
  env) printf '%s\\n%s\\n%s\\n' "$HOME/go" "$HOME/go/pkg/mod" "$HOME/go-build" ;;
  list) echo "go: downloading some/module v1.0.0" >&2; printf 'a\\nb\\n' ;;
  build)
    ${fail ? `echo '${fail}' >&2; exit 1` : ""}
    /bin/sleep ${seconds}
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\n${broken ? "exit 7" : "echo v3.259.0"}\\n' > "$2"
    /bin/chmod 755 "$2" ;;
esac`,
  );
}

/** A machine without pulumi, without Go and without a network, whose home is in the folder. */
export function bareMachine(folder: string): { env: NodeJS.ProcessEnv; bin: string } {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  // Nothing listens on port 1: the check for the installer's site fails at once.
  return { bin, env: { PATH: bin, HOME: join(folder, "home"), HTTPS_PROXY: "http://127.0.0.1:1" } };
}
