import { type Codec, type CodecSpec, InvalidText, Refusal, type SqliteValue } from "../model";

type Spec = Extract<CodecSpec, { readonly kind: "text" }>;

/** Texts as they are. PostgreSQL takes no NUL and nothing that is no UTF-8; what the spec does not repair is refused. */
export function textCodec({ length, nul, invalid, numbers = false }: Spec): Codec {
  function carried(text: string): string | Refusal {
    let kept = text;
    if (text.includes("\0")) {
      if (nul !== "strip") return new Refusal("has a NUL character");
      kept = text.replaceAll("\0", "");
    }
    // No text has more characters than it has UTF-16 units.
    if (length !== undefined && kept.length > length && charactersOf(kept) > length)
      return new Refusal(`has more than ${length} characters`);
    return kept;
  }

  function repaired(bytes: Buffer): string | Refusal {
    if (invalid === undefined) return new Refusal("is a text that is no UTF-8");
    return carried(bytes.toString(invalid === "latin1" ? "latin1" : "utf8"));
  }

  function encode(value: SqliteValue): string | null | Refusal {
    if (value === null) return null;
    if (typeof value === "string") return carried(value);
    if (Buffer.isBuffer(value)) return new Refusal("is a BLOB");
    if (value instanceof InvalidText) return repaired(value.bytes);
    if (!numbers) return new Refusal("is a number, not a text");
    return carried(typeof value === "bigint" ? value.toString() : realText(value));
  }

  return {
    type: length === undefined ? "text" : `varchar(${length})`,
    encode,
    decode: (text) => text,
    // SQLite does not see bytes that are no UTF-8: there PostgreSQL refuses the chunk, and JavaScript looks at each value.
    sql(expression) {
      const short = length === undefined ? "" : ` AND length(${expression}) <= ${length}`;
      const integers = numbers ? `typeof(${expression}) = 'integer'${short} OR ` : "";
      return {
        text: numbers ? `CAST(${expression} AS TEXT)` : expression,
        clean: `(typeof(${expression}) = 'null' OR ${integers}(typeof(${expression}) = 'text' AND instr(${expression}, char(0)) = 0${short}))`,
        canonical: true,
        escapes: true,
      };
    },
  };
}

function charactersOf(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) pairs++;
  return text.length - pairs;
}

/** A REAL as SQLite casts it to TEXT, always with a point, by its shortest decimal: SQLite's own digits differ from release to release. */
export function realText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "-Inf";
  const [mantissa = "", exponent] = value.toExponential().split("e");
  const sign = value < 0 ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  const power = Number(exponent);
  if (power < -4 || power > 16) {
    const size = String(Math.abs(power)).padStart(2, "0");
    return `${sign}${digits[0]}.${digits.slice(1) || "0"}e${power < 0 ? "-" : "+"}${size}`;
  }
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${digits}`;
  return `${sign}${digits.slice(0, power + 1).padEnd(power + 1, "0")}.${digits.slice(power + 1) || "0"}`;
}
