/** The three numbers of a version; pre-release and build parts are not compared. */
export type Version = readonly [major: number, minor: number, patch: number];

/**
 * The oldest CLI that does what we need: `type: object` in Pulumi.yaml (summer 2025, the youngest of the three),
 * PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER (3.134) and `preview --refresh`.
 */
export const MINIMUM_PULUMI: Version = [3, 190, 0];

/** Reads the first version in a text such as `v3.259.0`, `3.190.0-dev`, `go version go1.26 linux/amd64`. */
export function parseVersion(text: string): Version | undefined {
  const match = /(?:^|[^\d.])(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?/.exec(text);
  if (!match) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Negative when `a` is older than `b`, positive when newer, 0 when equal. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** `3.190.0` */
export function formatVersion(version: Version): string {
  return version.join(".");
}
