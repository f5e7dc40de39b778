import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { holdsSecureValues, tidied, withoutSalt } from "../../../engine/salt";

const SALT = "encryptionsalt: v1:3keS4Uou/ac=:v1:92A7S/dQmV17k+07:kAc7HMJrNVAJ/RoJFjWwtik0TuTzzw==\n";
const ORIGINAL = `# top
config:
    # why v
    exp:v: "1"   # trailing

    exp:z: [1,2,   3]
# end
`;
/** The same as the engine writes it. */
const REWRITTEN = `# top
config:
  # why v
  exp:v: "1" # trailing
  exp:z: [1, 2, 3]
# end

${SALT}`;

const settings = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9]{0,8}:[a-z][a-zA-Z]{0,10}$/).filter((key) => !key.endsWith(":secure")),
  fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.stringMatching(/^[ -~]{0,30}$/),
    fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  ),
  { minKeys: 1, maxKeys: 8 },
);

describe("the stack file after a run", () => {
  it("is the original, byte for byte, when the engine only added the salt and formatted the file", () => {
    expect(tidied(ORIGINAL, REWRITTEN)).toBe(ORIGINAL);
  });

  it("differs from the original only in the values that the run changed", () => {
    const changed = REWRITTEN.replace('"1"', '"zwei"').replace("[1, 2, 3]", "[1, 7, 3]");
    expect(tidied(ORIGINAL, changed)).toBe(ORIGINAL.replace('"1"', '"zwei"').replace("1,2,", "1,7,"));
  });

  it("is the original when the engine put a number or a boolean in quotes, which are text to it anyway", () => {
    const original = "config:\n  exp:users: 10\n  exp:on: true\n  exp:deep: { at: 5 }\n";
    const quoted = original.replace("10", '"10"').replace("true", '"true"');
    expect(tidied(original, quoted + SALT)).toBe(original);
    expect(tidied(original, quoted.replace("10", "11") + SALT)).toBe(original.replace("10", '"11"'));
  });

  it("keeps a new key and a new comment", () => {
    const added = REWRITTEN.replace("# end", "  exp:new: 5\n# end");
    expect(tidied(ORIGINAL, added)).toBe(withoutSalt(added));
    expect(tidied(ORIGINAL, added)).toContain("exp:new: 5");
    const commented = REWRITTEN.replace("# why v", "# edited meanwhile");
    expect(tidied(ORIGINAL, commented)).toContain("# edited meanwhile");
  });

  it("keeps the salt when a value is encrypted, at any depth", () => {
    const secret = `config:\n  exp:a:\n    b:\n      - secure: v1:abc\n${SALT}`;
    expect(tidied("config: {}\n", secret)).toBe(secret);
    expect(holdsSecureValues("config:\n  exp:secure: x\n")).toBe(false);
  });

  it("stays as it is when it cannot be read", () => {
    const broken = `config: [\n${SALT}`;
    expect(tidied("config:\n", broken)).toBe(broken);
  });

  it("goes when the engine made it for the salt alone, and stays when it holds more", () => {
    expect(tidied(undefined, SALT)).toBeUndefined();
    expect(tidied(undefined, `config:\n  exp:v: 1\n${SALT}`)).toBe("config:\n  exp:v: 1\n");
  });

  it("never loses a setting: whatever the settings, only the salt goes", () => {
    fc.assert(
      fc.property(settings, fc.boolean(), fc.boolean(), (config, first, windows) => {
        const text = windows ? stringify({ config }).replaceAll("\n", "\r\n") : stringify({ config });
        const withSalt = first ? SALT + text : text + SALT;
        expect(withoutSalt(withSalt)).toBe(text);
        expect(tidied(text, withSalt)).toBe(text);
        expect(tidied(text, text)).toBe(text);
      }),
    );
  });
});
