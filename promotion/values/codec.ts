import type { Codec, CodecSpec } from "../model";
import { booleanCodec } from "./boolean";
import { byteaCodec } from "./bytea";
import { dateCodec } from "./date";
import { doubleCodec } from "./double";
import { integerCodec } from "./integer";
import { jsonCodec } from "./json";
import { numericCodec } from "./numeric";
import { textCodec } from "./text";
import { timestampCodec } from "./timestamp";

/** The way of one column's values. Cheap, but made once for a column, not for each value. */
export function codecOf(spec: CodecSpec): Codec {
  const codec = codecOfKind(spec);
  return spec.empty === "null" ? emptyIsNull(codec) : codec;
}

function codecOfKind(spec: CodecSpec): Codec {
  switch (spec.kind) {
    case "integer":
      return integerCodec(spec.bits);
    case "boolean":
      return booleanCodec;
    case "double":
      return doubleCodec;
    case "numeric":
      return numericCodec(spec);
    case "text":
      return textCodec(spec);
    case "bytea":
      return byteaCodec;
    case "json":
      return jsonCodec;
    case "timestamp":
      return timestampCodec(spec.from, spec.zone);
    case "date":
      return dateCodec(spec.from);
  }
}

function emptyIsNull(codec: Codec): Codec {
  return {
    type: codec.type,
    encode: (value) => (value === "" ? null : codec.encode(value)),
    decode: codec.decode,
    sql(expression) {
      const sql = codec.sql(expression);
      if (sql === undefined) return undefined;
      // Not a comparison with '': a column's collation may take blanks for nothing.
      const empty = `(typeof(${expression}) = 'text' AND octet_length(${expression}) = 0)`;
      return { ...sql, text: `CASE WHEN ${empty} THEN NULL ELSE ${sql.text} END`, clean: `(${empty} OR ${sql.clean})` };
    },
  };
}
