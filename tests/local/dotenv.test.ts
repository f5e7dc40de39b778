import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quote } from "../../local/dotenv/block";
import { type EnvFileInputs, provider } from "../../local/dotenv/provider";
import { outputOf } from "../support/output";
import { temporaryFolder } from "../support/temporary";

const VALUES = { DB_TYPE: "sqlite", DB_SQLITE_PATH: "/home/ada/my data/db.sqlite", PORT: "5040" };
const SECRET = "sk_live_never_shown";
const MINE = `# mine\nAPI_KEY=${SECRET}\n`;

const inputsIn = (folder: string, values: Record<string, string> = VALUES): EnvFileInputs => ({
  path: join(folder, ".env"),
  stack: "dev",
  values,
});
const modeOf = (path: string) => statSync(path).mode & 0o777;

/** What dotenv reads in a process of its own that was given nothing but the file. */
function readByDotenv(path: string): Record<string, string> {
  const script = `console.log(JSON.stringify(require("dotenv").config({ path: ${JSON.stringify(path)}, quiet: true }).parsed))`;
  return JSON.parse(execFileSync(process.execPath, ["--eval", script], { encoding: "utf8" }));
}

describe("a .env file", () => {
  it("S1-07: is where a process finds its settings, as environment variables", () => {
    const inputs = inputsIn(temporaryFolder());
    provider.create(inputs);
    expect(readByDotenv(inputs.path)).toEqual(VALUES);
  });

  it("is private, in a folder that is made for it", () => {
    const inputs = inputsIn(join(temporaryFolder(), "a", "b"));
    expect(provider.create(inputs).outs).toMatchObject({ block: "as written", mode: "0600" });
    expect(modeOf(inputs.path)).toBe(0o600);
  });

  it("is read by a POSIX shell as the same text", () => {
    const path = join(temporaryFolder(), "file");
    const text = fc.string({ unit: fc.constantFrom(..."'\"`$\\# =!~*?[]{}()<>|&;%@:,+-./_aZ0\té€") });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (values) => {
        const carried = values.filter((value) => !/\\$/.test(value) && !(value.includes("'") && /["$`\\]/.test(value)));
        writeFileSync(path, carried.map((value, index) => `V${index}=${quote(value)}\n`).join(""));
        const script = `. '${path}'; printf '%s\\0' ${carried.map((_, index) => `"$V${index}"`).join(" ")}`;
        const read = execFileSync("sh", ["-c", script], { encoding: "utf8" });
        if (carried.length > 0) expect(read.split("\0").slice(0, -1)).toEqual(carried);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["with line ends of Windows", "A=1\r\nB=2\r\n"],
    ["without an end to its last line", "A=1\nB=2"],
    ["that is empty", ""],
    ["in another encoding than UTF-8", Buffer.from("NAME=Jos\xe9\n", "latin1")],
    ["with a byte order mark", "\ufeffA=1\n"],
  ])("keeps a user's own lines, byte for byte: %s", (_what, own) => {
    const inputs = inputsIn(temporaryFolder());
    writeFileSync(inputs.path, own);
    const before = readFileSync(inputs.path);
    provider.create(inputs);
    provider.update(inputs.path, provider.create(inputs).outs, { ...inputs, values: { DB_TYPE: "é€" } });
    const after = readFileSync(inputs.path);
    expect(after.subarray(0, before.length)).toEqual(before);
    expect(after.toString()).toContain("DB_TYPE='é€'\n");
    expect(modeOf(inputs.path)).toBe(0o600);
  });

  it("stays a link when it is one, and the file behind it is written", () => {
    const folder = temporaryFolder();
    const inputs = inputsIn(folder);
    writeFileSync(join(folder, "real"), MINE, { mode: 0o644 });
    symlinkSync("real", inputs.path);
    const { outs } = provider.create(inputs);
    expect(lstatSync(inputs.path).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "real"), "utf8")).toContain("DB_TYPE=sqlite");
    expect(modeOf(join(folder, "real"))).toBe(0o600);
    provider.delete(inputs.path, outs);
    expect(readFileSync(join(folder, "real"), "utf8")).toBe(MINE);
  });

  it("is written whole when a killed run left half of a file beside it, open to all", () => {
    const inputs = inputsIn(temporaryFolder());
    writeFileSync(`${inputs.path}.ladder-new`, "DB_TY", { mode: 0o644 });
    provider.create(inputs);
    expect(readByDotenv(inputs.path)).toEqual(VALUES);
    expect(modeOf(inputs.path)).toBe(0o600);
    expect(existsSync(`${inputs.path}.ladder-new`)).toBe(false);
  });

  it("is not written through a link that lies where the new file is prepared", () => {
    const folder = temporaryFolder();
    const inputs = inputsIn(folder);
    writeFileSync(join(folder, "precious"), "keep me");
    symlinkSync("precious", `${inputs.path}.ladder-new`);
    provider.create(inputs);
    expect(readFileSync(join(folder, "precious"), "utf8")).toBe("keep me");
  });

  it("never has a user's own lines in anything the provider says or keeps in the state", () => {
    const inputs = inputsIn(temporaryFolder());
    writeFileSync(inputs.path, MINE);
    const said = outputOf(() => {
      const { outs } = provider.create(inputs);
      const news = { ...inputs, values: { ...VALUES, API_KEY: "ours" } };
      const steps = [outs, provider.read(inputs.path, outs), provider.check(outs, news), provider.diff("", outs, news)];
      return [...steps, provider.update(inputs.path, outs, inputs)];
    });
    expect(said).toContain("line 2 sets API_KEY itself");
    expect(said).not.toContain(SECRET);
  });
});

describe("a .env file that was changed by hand", () => {
  const changes: [string, (path: string) => void, Record<string, unknown>][] = [
    [
      "an edited block",
      (path) => writeFileSync(path, readFileSync(path, "utf8").replace("5040", "80")),
      { block: "edited" },
    ],
    ["a block taken out", (path) => writeFileSync(path, MINE), { block: "missing" }],
    [
      "a damaged mark",
      (path) => writeFileSync(path, readFileSync(path, "utf8").replace("<<<", "<<")),
      { block: "missing" },
    ],
    ["another mode", (path) => chmodSync(path, 0o644), { mode: "0644" }],
  ];

  it.each(changes)("is seen and mended: %s", (_what, change, seen) => {
    const inputs = inputsIn(temporaryFolder());
    writeFileSync(inputs.path, MINE);
    const { outs } = provider.create(inputs);
    expect(provider.diff("", outs, inputs).changes).toBe(false);
    change(inputs.path);
    const props = { ...outs, ...provider.read(inputs.path, outs).props };
    expect(props).toMatchObject(seen);
    expect(provider.diff("", props, inputs).changes).toBe(true);
  });

  it("is seen when the file is gone, or a folder stands in its place", () => {
    const inputs = inputsIn(temporaryFolder());
    const { outs } = provider.create(inputs);
    rmSync(inputs.path);
    expect(provider.read(inputs.path, outs).id).toBe("");
    mkdirSync(inputs.path);
    expect(provider.read(inputs.path, outs).id).toBe("");
  });

  it("is not seen where only a user's own lines changed", () => {
    const inputs = inputsIn(temporaryFolder());
    const { outs } = provider.create(inputs);
    writeFileSync(inputs.path, `${readFileSync(inputs.path, "utf8")}MORE=1\n`);
    const { props } = provider.read(inputs.path, outs);
    expect(provider.diff("", { ...outs, ...props }, inputs).changes).toBe(false);
  });

  it("is replaced when another path or another stack is wanted, and changed in place for other values", () => {
    const inputs = inputsIn(temporaryFolder());
    const { outs } = provider.create(inputs);
    expect(provider.diff("", outs, { ...inputs, path: "x" }).replaces).toEqual(["path"]);
    expect(provider.diff("", outs, { ...inputs, stack: "x" }).replaces).toEqual(["path"]);
    expect(provider.diff("", outs, { ...inputs, values: {} })).toEqual({ changes: true });
  });
});

describe("taking the block away", () => {
  it("takes the file too when nothing else is in it", () => {
    const inputs = inputsIn(temporaryFolder());
    provider.delete(inputs.path, provider.create(inputs).outs);
    expect(readdirSync(join(inputs.path, ".."))).toEqual([]);
  });

  it("keeps a user's lines before and after it", () => {
    const inputs = inputsIn(temporaryFolder());
    writeFileSync(inputs.path, MINE);
    const { outs } = provider.create(inputs);
    writeFileSync(inputs.path, `${readFileSync(inputs.path, "utf8")}MORE=1`);
    provider.delete(inputs.path, outs);
    expect(readFileSync(inputs.path, "utf8")).toBe(`${MINE}MORE=1`);
  });

  it("does nothing when the file is gone or the marks are damaged", () => {
    const inputs = inputsIn(temporaryFolder());
    const { outs } = provider.create(inputs);
    const damaged = readFileSync(inputs.path, "utf8").replace("<<<", "<<");
    writeFileSync(inputs.path, damaged);
    provider.delete(inputs.path, outs);
    expect(readFileSync(inputs.path, "utf8")).toBe(damaged);
    rmSync(inputs.path);
    expect(() => provider.delete(inputs.path, outs)).not.toThrow();
  });
});
