/**
 * Metrics that filters make of the lines of PostgreSQL's log. RDS begins each line with `%t:%r:%u@%d:[%p]:`, then
 * `LOG:  duration: 1234.567 ms  statement: …`.
 */
export const LOG_METRICS = {
  slow: "StatementsOver1s",
  verySlow: "StatementsOver5s",
  fatal: "FatalErrors",
  panic: "Panics",
  errors: "Errors",
} as const;

export type LogMetric = (typeof LOG_METRICS)[keyof typeof LOG_METRICS];

/** Namespace of the metrics that are made of this stack's logs. A filter of plain lines has no dimensions, so it holds the stack. */
export const logNamespace = (stack: string): string => `ScalingLadder/${stack}`;

/**
 * Filter patterns, by metric. CloudWatch's expressions know no groups and no open counts, and at most five filters of a log
 * group may hold one ("Supported regular expressions" of CloudWatch Logs).
 */
export const LOG_PATTERNS: Readonly<Record<LogMetric, string>> = {
  StatementsOver1s: String.raw`%duration:\s[0-9][0-9][0-9][0-9]+\.[0-9]+\sms%`,
  StatementsOver5s: String.raw`%duration:\s[5-9][0-9][0-9][0-9]\.[0-9]+\sms|duration:\s[0-9][0-9][0-9][0-9][0-9]+\.[0-9]+\sms%`,
  FatalErrors: '"FATAL:"',
  Panics: '"PANIC:"',
  Errors: '"ERROR:"',
};
