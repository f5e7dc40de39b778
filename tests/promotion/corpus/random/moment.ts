import { exact, shifted } from "./decimal";

export type Form = "text" | "seconds" | "milliseconds" | "microseconds" | "julian";

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ] *(\d\d:\d\d)(:\d\d)?(\.\d+)?)? *([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/** Microseconds since 1970 of a time as SQLite writes it; undefined for another text. */
export function microsOfText(text: string): bigint | undefined {
  const found = ISO.exec(text);
  if (!found) return undefined;
  const [, date = "", clock = "00:00", seconds, fraction, offset = "Z"] = found;
  if ((fraction !== undefined && seconds === undefined) || clock.startsWith("24")) return undefined;
  const zone = /^z$/i.test(offset) ? "Z" : `${offset.slice(0, 3)}:${offset.slice(3).replace(":", "") || "00"}`;
  // A date that is none, such as the 30th of February, becomes another one.
  if (new Date(`${date}T00:00:00Z`).toJSON()?.slice(0, 10) !== date) return undefined;
  const base = Date.parse(`${date}T${clock}${seconds ?? ":00"}${zone}`);
  if (Number.isNaN(base)) return undefined;
  // PostgreSQL rounds the double's half to the even one.
  const rest = Number(`0${fraction ?? ""}`) * 1e6;
  const down = Math.floor(rest);
  const micros = rest - down === 0.5 ? down + (down % 2) : Math.round(rest);
  return BigInt(base) * 1000n + BigInt(micros);
}

const DECIMALS = { seconds: 6, milliseconds: 3, microseconds: 0 } as const;

/** Of a number, or a text of a number, where the column's values are such. */
export function microsOf(
  number: bigint | number | undefined,
  text: string | undefined,
  form: Form,
): bigint | undefined {
  if (form === "text") return undefined;
  const found = exact(text ?? String(number));
  if (!found) return undefined;
  if (form !== "julian")
    return found.digits.toString().length - found.scale > 25 ? undefined : shifted(found, DECIMALS[form]);
  const days = Number(text ?? number);
  const millis = Math.floor(days * 86_400_000 + 0.5) - 210_866_760_000_000;
  return Number.isFinite(millis) ? BigInt(millis) * 1000n : undefined;
}
