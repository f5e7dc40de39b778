/** What a tool of others holds against a resource of ours. */
export interface Finding {
  /** The tool's name for the check, for example `CKV_AWS_16` or `container-resources`. */
  readonly check: string;
  readonly title: string;
  readonly urn: string;
}

/** What a tool said about one stack. */
export interface Report {
  readonly findings: readonly Finding[];
  /** The checks that held for at least one resource and failed for none. */
  readonly satisfied: readonly string[];
  /** How often a check held for a resource. */
  readonly passed: number;
}

/** One report of several. */
export function together(reports: readonly Report[]): Report {
  const findings = reports.flatMap((report) => report.findings);
  const failed = new Set(findings.map(({ check }) => check));
  const held = reports.flatMap(({ satisfied }) => satisfied).filter((check) => !failed.has(check));
  return {
    findings,
    satisfied: [...new Set(held)].sort(),
    passed: reports.reduce((sum, { passed }) => sum + passed, 0),
  };
}

/** Finds the resource that a tool means by a name of its own. Throws when it is none: a finding must not get lost. */
export function urnOf(urns: ReadonlyMap<string, string>, name: string, check: string): string {
  const urn = urns.get(name);
  if (urn === undefined) throw new Error(`${check} is about ${name}, which was not exported`);
  return urn;
}
