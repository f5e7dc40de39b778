/** What `ladder doctor` says about one part of this machine. */
export interface Finding {
  readonly part: string;
  /** `optional` parts are absent and not needed for what this release does by default. */
  readonly verdict: "ok" | "optional" | "missing";
  readonly detail: string;
}
