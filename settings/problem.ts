import { ExitCode, UserError } from "./errors";

/** One thing that is wrong with one setting. */
export interface Problem {
  /** The key without its namespace, for example `app.replicas`. */
  readonly key: string;
  /** The value that was found, ready to print; empty when nothing was set. */
  readonly value: string;
  readonly message: string;
  /** What may stand there, in words. */
  readonly allowed: string;
  /** What the user can do next. */
  readonly next?: string;
}

/** The name of the Pulumi project, and so the namespace of its settings. */
export const NAMESPACE = "scaling-ladder";

const HIDDEN = "[secret]";

/** Keys whose value is a secret, under whatever group: a misspelt key or a wrong place must not show it either. */
const SECRET_KEY =
  /(^|\.)url$|password|passwd|passphrase|secret|token|credential|kubeconfig|private_?key|access_?key|api_?key/i;

/** The password of a connection string, up to the last @ that can end it. */
const URL_PASSWORD = /(:\/\/[^:/@"]*:)[^"]*@/g;

/** Shows a value in an error. Secret keys, and passwords in connection strings, are never shown. */
export function showValue(key: string, value: unknown): string {
  if (value === undefined) return "";
  if (SECRET_KEY.test(key)) return HIDDEN;
  const hidden = (name: string, child: unknown) => (SECRET_KEY.test(name) && child !== null ? HIDDEN : child);
  const text = JSON.stringify(value, hidden).replace(URL_PASSWORD, `$1${HIDDEN}@`);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** One problem as one line. */
export function formatProblem(problem: Problem): string {
  const subject = `${NAMESPACE}:${problem.key}${problem.value === "" ? " is not set" : ` = ${problem.value}`}`;
  const next = problem.next === undefined ? "" : ` Next: ${problem.next}.`;
  return `${subject}: ${problem.message}. Allowed: ${problem.allowed}.${next}`;
}

/** All that is wrong with the settings of a stack, in one error. */
export class SettingsError extends UserError {
  constructor(
    stack: string,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? "One setting" : `${problems.length} settings`;
    const lines = problems.map((problem) => `  - ${formatProblem(problem)}`);
    const advice = `Settings are in Pulumi.${stack}.yaml and described in docs/settings.md; nothing was changed.`;
    super([`${count} of stack ${stack} cannot be used:`, ...lines, advice].join("\n"), ExitCode.usage);
    this.name = "SettingsError";
  }
}
