import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../support/temporary";

/** The script of the setup, against a client that writes down what it is asked and answers as it is told. */

const SCRIPT = join(__dirname, "../../../components/files/minio/setup.sh");

/** Stands for `mc`: the server answers from the `LATE`th question on, `FAILS` names a command that fails. */
const CLIENT = `#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
  "--quiet ls minio") echo x >>"$CALLS.asked"; [ "$(wc -l <"$CALLS.asked")" -gt "$LATE" ] || { echo "connection refused" >&2; exit 1; } ;;
  *"user add"* | *"rule import"*) cat >>"$CALLS.input" ;;
  *"user info"*) printf '%s\\n' "$INFO" ;;
esac
case "$*" in *"\${FAILS:-nothing}"*) exit 1 ;; esac
`;

const HAS_POLICY = '{"status":"success","accessKey":"aibase","policyName":"aibase-files","userStatus":"enabled"}';

function setUp({ late = 0, info = HAS_POLICY, fails = "" } = {}) {
  const folder = temporaryFolder();
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const [name, text] of Object.entries({ mc: CLIENT, sleep: "#!/bin/sh\n" })) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(join(folder, "lifecycle.json"), "the rules\n");
  const calls = join(folder, "calls");
  const { status, stdout, stderr } = spawnSync("sh", [SCRIPT], {
    encoding: "utf8",
    env: {
      PATH: `${bin}:${process.env.PATH}`,
      CALLS: calls,
      LATE: String(late),
      INFO: info,
      FAILS: fails,
      BUCKET: "files",
      APP_USER: "aibase",
      APP_PASSWORD: "the password",
      SETUP: folder,
    },
  });
  const read = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : "");
  const asked = read(calls)
    .trim()
    .split("\n")
    .map((line) => line.replace("--quiet ", "").replaceAll(folder, "/setup"));
  return { status, stdout, stderr, asked, input: read(`${calls}.input`) };
}

describe("the setup of MinIO", () => {
  it("makes bucket, versions, rules, policy and user, each so that it may be there already", () => {
    const { status, asked, stdout } = setUp();
    expect(asked).toEqual([
      "ls minio",
      "mb --ignore-existing minio/files",
      "version enable minio/files",
      "ilm rule import minio/files",
      "admin policy create minio aibase-files /setup/policy.json",
      "admin user add minio",
      "admin policy attach minio aibase-files --user aibase",
      "--json admin user info minio aibase",
    ]);
    expect([status, stdout]).toEqual([0, "bucket files and user aibase are there\n"]);
  });

  it("tells the password by standard input only", () => {
    const { asked, input } = setUp();
    expect(input).toBe("the rules\naibase\nthe password\n");
    expect(asked.join("\n")).not.toContain("the password");
  });

  it("waits for a server that starts late", () => {
    const { status, asked } = setUp({ late: 20 });
    expect(status).toBe(0);
    expect(asked.filter((line) => line === "ls minio")).toHaveLength(21);
  });

  it("gives up after five minutes, and says what the server said", () => {
    const { status, stderr, asked } = setUp({ late: 1000 });
    expect(status).not.toBe(0);
    expect(stderr).toContain("does not answer");
    expect(stderr).toContain("connection refused");
    expect(new Set(asked)).toEqual(new Set(["ls minio"]));
  });

  it.each(["mb", "version enable", "rule import", "policy create", "user add", "policy attach"])(
    "fails with %s, and does nothing after it",
    (fails) => {
      const { status, asked } = setUp({ fails });
      expect(status).not.toBe(0);
      expect(asked.at(-1)).toContain(fails);
    },
  );

  it.each([
    HAS_POLICY.replace("aibase-files", "readwrite"),
    HAS_POLICY.replace("aibase-files", "aibase-files,readwrite"),
    "{}",
  ])("fails when the user has other rights: %s", (info) => {
    const { status, stderr } = setUp({ info });
    expect(status).toBe(1);
    expect(stderr).toContain("has not exactly the policy");
  });
});
