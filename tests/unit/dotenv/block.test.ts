import { parse } from "dotenv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockIn, obstacleIn, renderBlock, withBlock, withoutBlock } from "../../../local/dotenv/block";

const BEGIN = "# >>> scaling-ladder dev >>>";
const END = "# <<< scaling-ladder dev <<<";

const line = fc.oneof(
  fc.constantFrom("", "# mine", "export API_KEY=abc", "NAME=Ada", "# >>> scaling-ladder other >>>", "  X = 'y'  "),
  fc.string({ maxLength: 20 }).filter((text) => !text.includes("scaling-ladder dev")),
);
/** A user's file: any lines, any line ends, with or without an end to the last line. */
const userText = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, newline, ended]) => lines.join(newline) + (ended && lines.length > 0 ? newline : ""));
const values = fc.dictionary(
  fc.stringMatching(/^[A-Z][A-Z_]{0,8}$/),
  fc.string({ maxLength: 12 }).filter((text) => !/['\r\n\0]|\\$/.test(text)),
  { maxKeys: 5 },
);

describe("the block in a user's file", () => {
  it("is written twice as it is written once", () => {
    fc.assert(
      fc.property(userText, values, (text, wanted) => {
        const once = withBlock(text, "dev", wanted);
        expect(withBlock(once, "dev", wanted)).toBe(once);
        expect(blockIn(once, "dev")).toBe(renderBlock("dev", wanted));
      }),
    );
  });

  it("leaves every character outside it as it was, at first and when the values change", () => {
    fc.assert(
      fc.property(userText, userText, values, values, (before, after, first, second) => {
        const head = before === "" || before.endsWith("\n") ? before : `${before}\n`;
        const text = head + renderBlock("dev", first) + after;
        expect(withBlock(text, "dev", second)).toBe(head + renderBlock("dev", second) + after);
        expect(withBlock(before, "dev", first)).toBe(head + renderBlock("dev", first));
      }),
    );
  });

  it("goes without a trace, but for one line end after a last line that had none", () => {
    fc.assert(
      fc.property(userText, values, (text, wanted) => {
        const rest = withoutBlock(withBlock(text, "dev", wanted), "dev");
        expect(rest).toBe(text === "" || text.endsWith("\n") ? text : `${text}\n`);
        expect(withoutBlock(text, "dev")).toBe(text);
      }),
    );
  });

  it("is what dotenv reads", () => {
    fc.assert(
      fc.property(values, (wanted) => {
        expect(parse(withBlock("# mine\n", "dev", wanted))).toEqual({ ...wanted });
      }),
    );
  });

  it("stands beside the blocks of other stacks", () => {
    const both = withBlock(withBlock("A=1\n", "dev", { B: "2" }), "team", { C: "3" });
    expect(withoutBlock(both, "dev")).toBe(withBlock("A=1\n", "team", { C: "3" }));
    expect(obstacleIn(both, "dev", ["C"])).toContain("sets C itself");
  });

  it("is found in a file that an editor saved with other line ends", () => {
    const text = withBlock("A=1\n", "dev", { B: "2" }).replaceAll("\n", "\r\n");
    expect(withBlock(text, "dev", { B: "3" })).toBe(`A=1\r\n${renderBlock("dev", { B: "3" })}`);
  });
});

describe("an obstacle", () => {
  it.each([
    ["a plain line", "PORT=1\n", 1],
    ["an exported line", "# x\nexport PORT=1\n", 2],
    ["a line with blanks", "\n\n   PORT  = 1", 3],
    ["a line with a colon, which dotenv reads too", "PORT: 1\n", 1],
    ["a line after the block", `${BEGIN}\nPORT=2\n${END}\nPORT=1\n`, 4],
  ])("is a key of ours in the user's own part: %s", (_what, text, number) => {
    expect(obstacleIn(text, "dev", ["PORT"])).toMatch(new RegExp(`^line ${number} sets PORT itself.*app\\.envFile$`));
  });

  it.each([
    ["a comment", "# PORT=1\n"],
    ["a longer name", "MY_PORT=1\nPORTS=2\n"],
    ["a key in our block", `${BEGIN}\nPORT=1\n${END}\n`],
    ["nothing", ""],
  ])("is not: %s", (_what, text) => {
    expect(obstacleIn(text, "dev", ["PORT"])).toBeUndefined();
  });

  it.each([
    ["only the first mark", `A=1\n${BEGIN}\nB=2\n`],
    ["only the last mark", `A=1\n${END}\nB=2\n`],
    ["the marks in the wrong order", `${END}\nA=1\n${BEGIN}\n`],
    ["two blocks", `${BEGIN}\n${END}\n${BEGIN}\n${END}\n`],
    ["two first marks", `${BEGIN}\n${BEGIN}\n${END}\n`],
  ])("is a damaged pair of marks, and nothing is written or taken away: %s", (_what, text) => {
    expect(obstacleIn(text, "dev", [])).toContain("the marks of its block do not match");
    expect(() => withBlock(text, "dev", {})).toThrow(RangeError);
    expect(withoutBlock(text, "dev")).toBe(text);
    expect(blockIn(text, "dev")).toBeUndefined();
  });
});
