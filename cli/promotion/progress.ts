import type { Progress } from "../../promotion/model";
import { bytes } from "../console";

const TERMINAL_MS = 200;
const LINES_MS = 2_000;

const count = (value: number): string => value.toLocaleString("en-US");

/** Time left, in the unit that says enough. */
export function left(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min left` : `${Math.round(minutes / 60)} h left`;
}

/** One line for a report: what, how far, how fast, how long it still takes. `seconds` is since the phase began at `from`. */
export function progressLine({ phase, table, done, total, unit }: Progress, from: number, seconds: number): string {
  const amount = unit === "bytes" ? bytes : count;
  const rate = seconds > 0 ? (done - from) / seconds : 0;
  const parts = [
    `${phase}${table === undefined ? "" : ` ${table}`}:`,
    total === undefined ? amount(done) : `${amount(done)} of ${amount(Math.max(total, done))}`,
    unit === "bytes" ? "" : unit,
  ].filter((part) => part !== "");
  const speed = rate >= 1 ? `, ${amount(Math.round(rate))}${unit === "bytes" ? "" : ` ${unit}`}/s` : "";
  const rest = total !== undefined && rate > 0 && total > done ? `, ${left((total - done) / rate)}` : "";
  return `  ${parts.join(" ")}${speed}${rest}`;
}

/** Shows reports on a stream: one line that is written over on a terminal, a line every two seconds elsewhere. */
export class ProgressDisplay {
  private phase = "";
  private from = 0;
  private began = 0;
  private told = 0;
  private shown = false;

  constructor(private readonly stream: Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">) {}

  readonly report = (report: Progress): void => {
    const now = performance.now();
    if (report.phase !== this.phase) {
      this.phase = report.phase;
      this.from = report.done;
      this.began = now;
      this.told = now;
      return;
    }
    if (now - this.told < (this.stream.isTTY ? TERMINAL_MS : LINES_MS)) return;
    this.told = now;
    const line = progressLine(report, this.from, (now - this.began) / 1000);
    if (!this.stream.isTTY) return void this.stream.write(`${line}\n`);
    this.stream.write(`\r\u001b[K${line.slice(0, (this.stream.columns || 80) - 1)}`);
    this.shown = true;
  };

  /** Before anything else is written to the stream. */
  clear(): void {
    if (this.shown) this.stream.write("\r\u001b[K");
    this.shown = false;
  }
}
