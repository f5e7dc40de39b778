import { createHash } from "node:crypto";
import { byType, type Making, type ProviderModel, type ResourceModel } from "./model";

/** The random provider: everything that it makes is kept in the state, so any change of what was asked for makes it anew. */
const SOURCE = "hashicorp/terraform-provider-random internal/provider: every argument RequiresReplace";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** As many characters of the alphabet as asked for; the same for the same resource, and never a real secret. */
function drawn(length: number, alphabet: string, { hex }: Making): string {
  const bytes = Array.from({ length: Math.ceil(length / 64) }, (_, block) =>
    createHash("sha512")
      .update(hex(64, `random${block}`))
      .digest(),
  );
  return [...Buffer.concat(bytes).subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join("");
}

const password: ResourceModel = {
  type: "random:index/randomPassword:RandomPassword",
  replaces: [
    "length",
    "special",
    "upper",
    "lower",
    "number",
    "numeric",
    "minLower",
    "minUpper",
    "minNumeric",
    "minSpecial",
    "overrideSpecial",
    "keepers",
  ],
  source: SOURCE,
  seconds: { create: 0 },
  check: ({ length }) =>
    typeof length === "number" && length < 1 ? [{ property: "length", reason: "must be at least 1" }] : [],
  id: () => "none",
  secretOutputs: ["result", "bcryptHash"],
  outputs: ({ length, special, upper, overrideSpecial }, making) => {
    const extra = special === false ? "" : typeof overrideSpecial === "string" ? overrideSpecial : SPECIAL;
    const alphabet = `${LETTERS}${upper === false ? "" : LETTERS.toUpperCase()}${DIGITS}${extra}`;
    return { result: drawn(Number(length), alphabet, making), bcryptHash: `$2a$10$${making.hex(53, "bcrypt")}` };
  },
};

const id: ResourceModel = {
  type: "random:index/randomId:RandomId",
  replaces: ["byteLength", "prefix", "keepers"],
  source: SOURCE,
  seconds: { create: 0 },
  id: ({ byteLength }, { hex }) => Buffer.from(hex(Number(byteLength) * 2), "hex").toString("base64url"),
  outputs: ({ byteLength, prefix = "" }, { hex }) => {
    const bytes = Buffer.from(hex(Number(byteLength) * 2), "hex");
    return {
      hex: `${String(prefix)}${bytes.toString("hex")}`,
      b64Url: `${String(prefix)}${bytes.toString("base64url")}`,
      b64Std: `${String(prefix)}${bytes.toString("base64")}`,
      dec: `${String(prefix)}${BigInt(`0x${bytes.toString("hex") || "0"}`)}`,
    };
  },
};

export const random: ProviderModel = {
  name: "random",
  version: "4.21.2",
  stateless: true,
  resources: byType([password, id]),
  invokes: new Map(),
};
