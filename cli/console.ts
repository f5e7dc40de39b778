import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colour only where a person looks at a terminal (and NO_COLOR is not set). */
function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  return stream.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
}

/** Progress and notices go to standard error, so that standard output holds the result and nothing else. */
export const progress = (line: string): void => void process.stderr.write(`${line}\n`);
export const notice = (line: string): void => void process.stderr.write(`${paint(process.stderr, "cyan", line)}\n`);
export const warn = (line: string): void =>
  void process.stderr.write(`${paint(process.stderr, "yellow", `warning: ${line}`)}\n`);
export const fail = (line: string): void =>
  void process.stderr.write(`${paint(process.stderr, "red", "error:")} ${line}\n`);

export const print = (line = ""): void => void process.stdout.write(`${line}\n`);

let jsonIsPrinted = false;

/** The result of a command with `--json`: once, and nothing else on standard output. */
export function printJson(value: unknown): void {
  jsonIsPrinted = true;
  print(JSON.stringify(value, null, 2));
}

/** What `--json` prints when a command fails; one that printed its result before it failed has said more already. */
export function printJsonFailure(error: string, exitCode: number): void {
  if (!jsonIsPrinted) printJson({ error, exitCode });
}

export const heading = (text: string): string => paint(process.stdout, "bold", text);

/** Label and value in columns, for what a command tells at its end. */
export function printRows(rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, value] of rows) print(`  ${label.padEnd(width)}  ${value}`);
}

export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** How long ago, in the largest unit that says enough. */
export function age(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return "less than a minute ago";
  const [count, unit] =
    minutes < 60
      ? [minutes, "minute"]
      : minutes < 2880
        ? [Math.floor(minutes / 60), "hour"]
        : [Math.floor(minutes / 1440), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}
