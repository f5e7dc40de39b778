import Sqlite from "better-sqlite3";
import { Client } from "pg";

/** Ends the process at one of its calls to a database. */
export interface Kill {
  /** The action of the promotion in which it counts; `begin`: from the start of the run. */
  readonly action: string;
  /** Which call it is; the last one of the action, where there are fewer. */
  readonly call: number;
  /** Whether the call is made before the process ends. */
  readonly sent: boolean;
}

/** Counts from now on. Threads are not counted; they go with the process. */
export function killAt({ action, call, sent }: Kill): void {
  let doing = "begin";
  let left = call;
  const die = (): void => void process.kill(process.pid, "SIGKILL");
  const count = (told: { action: string; event: string } | undefined): void => {
    if (doing === action && (told !== undefined || --left <= 0)) {
      if (!sent) die();
      setImmediate(die);
    }
    if (told?.event === "begin") doing = told.action;
  };
  around(Client.prototype, "query", (args) => count(entryOf(args)));
  around(Sqlite.prototype, "exec", () => count(undefined));
}

/** The journal's entry that a question keeps, when it is one. */
function entryOf(args: readonly unknown[]): { action: string; event: string } | undefined {
  const [sql, values] = args;
  if (typeof sql !== "string" || !/^INSERT INTO \S+\.journal/.test(sql) || !Array.isArray(values)) return undefined;
  const { event, detail } = JSON.parse(String(values[0])) as { event: string; detail?: { action?: string } };
  return { action: detail?.action ?? "", event };
}

function around(prototype: object, name: string, before: (args: readonly unknown[]) => void): void {
  const real: unknown = Reflect.get(prototype, name);
  if (typeof real !== "function") throw new Error(`${name} is no function`);
  Object.defineProperty(prototype, name, {
    value(this: unknown, ...args: unknown[]) {
      before(args);
      return Reflect.apply(real, this, args);
    },
  });
}
