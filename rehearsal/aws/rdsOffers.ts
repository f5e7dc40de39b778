/**
 * What RDS offers for PostgreSQL in us-east-1: engine versions and instance classes. Source: AWS's own lists as cfn-lint 1.58.0
 * publishes them (data/schemas/extensions/aws_rds_dbinstance: engine_version, engine_version_deprecated, dbinstanceclass_enum).
 */

/** Minor versions that can still be chosen, by major version. */
const MINORS: Readonly<Record<string, readonly number[]>> = {
  "15": [13, 14, 15, 16, 17, 18, 19],
  "16": [9, 10, 11, 12, 13, 14, 15],
  "17": [5, 6, 7, 8, 9, 10, 11],
};

const LARGE = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const BURSTABLE = ["micro", "small", "medium", "large", "xlarge", "2xlarge"];

const CLASSES: Readonly<Record<string, readonly string[]>> = {
  m5: [...LARGE, "24xlarge"],
  m6g: LARGE,
  m6i: [...LARGE, "24xlarge", "32xlarge"],
  m7g: LARGE,
  m7i: [...LARGE, "24xlarge", "48xlarge"],
  m8g: [...LARGE, "24xlarge", "48xlarge"],
  r5: [...LARGE, "24xlarge"],
  r6g: LARGE,
  r6i: [...LARGE, "24xlarge", "32xlarge"],
  r7g: LARGE,
  r7i: [...LARGE, "24xlarge", "48xlarge"],
  r8g: [...LARGE, "24xlarge", "48xlarge"],
  t3: BURSTABLE,
  t4g: BURSTABLE,
};

/** The full version that stands for a version: the newest minor of a major one, or itself. Undefined when there is none. */
export function fullVersion(version: string): string | undefined {
  const [major = "", minor] = version.split(".");
  const minors = MINORS[major];
  if (minor !== undefined) return minors?.includes(Number(minor)) ? version : undefined;
  return minors === undefined ? undefined : `${major}.${Math.max(...minors)}`;
}

export function isInstanceClass(name: string): boolean {
  const [prefix, family = "", size = ""] = name.split(".");
  return prefix === "db" && (CLASSES[family] ?? []).includes(size);
}
