import { print } from "./console";

/** The outputs of a stack, a line each, with groups and longer texts indented under their name. Secrets come masked. */
export function printOutputs(outputs: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(outputs)) {
    if (typeof value === "object" && value !== null) {
      print(`  ${name}`);
      for (const [key, item] of Object.entries(value)) print(`    ${key}: ${shown(item)}`);
    } else if (String(value).includes("\n")) {
      print(`  ${name}`);
      for (const line of String(value).split("\n")) print(`    ${line}`);
    } else print(`  ${name}: ${shown(value)}`);
  }
}

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
