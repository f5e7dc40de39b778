import { mustBeText } from "../../checks/content";
import {
  mustBeAtLeast,
  mustBeOneOf,
  mustBeTrue,
  mustHold,
  mustNotBeFalse,
  mustNotBeTrue,
  shown,
  unverified,
  violated,
} from "../../checks/property";
import { readNumber, readText } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { ALWAYS, FROM_ENTERPRISE, type Judgement, type ResourceRule, type Rule } from "../../rule";
import { INSTANCE, ofPrimary } from "./rdsInstances";

const TYPES = [INSTANCE];

/** The certificate authorities of RDS that are valid until 2061 and later; `rds-ca-2019` ended in 2024. */
const AUTHORITIES = ["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"];

const upgrades: ResourceRule = {
  scope: "resource",
  name: "rds-upgrades",
  description: "Minor versions come by themselves, and a major one only by a change of the version in the program.",
  why: "Minor versions mend security holes. A major upgrade stops the database for minutes and cannot be undone.",
  remedy:
    "Leave `autoMinorVersionUpgrade` out or true; where `allowMajorVersionUpgrade` is true, name the `engineVersion`.",
  ids: ["RDS.13", "CIS-AWS 3.2.2", "CKV_AWS_226", "C-07"],
  levels: ALWAYS,
  types: TYPES,
  // With the version in the program, a major upgrade is a change that the preview shows and the guard asks about.
  check: (instance) => [
    ...mustNotBeFalse(instance.props, "autoMinorVersionUpgrade"),
    ...ofPrimary(instance, () =>
      mustBeText(instance.props, "engineVersion").length === 0
        ? []
        : mustNotBeTrue(instance.props, "allowMajorVersionUpgrade"),
    ),
  ],
};

const enhancedMonitoring: ResourceRule = {
  scope: "resource",
  name: "rds-enhanced-monitoring",
  description: "Every database tells of its operating system: memory, processes, disk.",
  why: "CloudWatch's own figures come from outside the machine; they do not say what used up its memory.",
  remedy: "Set `monitoringInterval` to 60 and `monitoringRoleArn` to a role for `monitoring.rds.amazonaws.com`.",
  ids: ["RDS.6", "CKV_AWS_118", "S3-37"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: ({ props }) => [...mustBeAtLeast(1, props, "monitoringInterval"), ...mustBeText(props, "monitoringRoleArn")],
};

const insights: ResourceRule = {
  scope: "resource",
  name: "rds-insights",
  description: "Every database records which statements load it, encrypted with a key of its own account.",
  why: "Without it a slow database is a riddle. Statements may hold personal data, so they are encrypted as the data is.",
  remedy: "Set `performanceInsightsEnabled: true` and `performanceInsightsKmsKeyId`.",
  ids: ["CKV_AWS_353", "CKV_AWS_354", "S3-34"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: ({ props }) => [
    ...mustBeTrue(props, "performanceInsightsEnabled"),
    ...mustBeText(props, "performanceInsightsKmsKeyId"),
  ],
};

const logExports: ResourceRule = {
  scope: "resource",
  name: "rds-log-exports",
  description: "The logs of PostgreSQL and of its upgrades go to CloudWatch.",
  why: "On the instance they are kept for three days and go with it; alerts on slow statements are made of them.",
  remedy: 'Set `enabledCloudwatchLogsExports: ["postgresql", "upgrade"]`.',
  ids: ["RDS.9", "RDS.36", "CKV_AWS_129", "S3-39"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: ({ props }) => mustHold(["postgresql", "upgrade"], props, "enabledCloudwatchLogsExports"),
};

const iamAuthentication: ResourceRule = {
  scope: "resource",
  name: "rds-iam-auth",
  description: "People and tools can log in with a token of IAM instead of a password.",
  why: "A token lasts 15 minutes and belongs to somebody; a shared password does neither.",
  remedy: "Set `iamDatabaseAuthenticationEnabled: true`.",
  ids: ["RDS.10", "CKV_AWS_161"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: ({ props }) => mustBeTrue(props, "iamDatabaseAuthenticationEnabled"),
};

const currentAuthority: ResourceRule = {
  scope: "resource",
  name: "rds-ca-current",
  description: "The certificate of every database comes from an authority that is still valid.",
  why: "Clients that check the certificate refuse one of an authority that has ended; left out, the account's choice counts.",
  remedy: "Set `caCertIdentifier` to one of those that the message names.",
  ids: ["CKV_AWS_211"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => mustBeOneOf(AUTHORITIES, props, "caCertIdentifier"),
};

const engineSupported: ResourceRule = {
  scope: "resource",
  name: "rds-engine-supported",
  description: "PostgreSQL is of a major version that is supported, and never goes on into paid extended support.",
  why: "Unsupported versions get no security fixes; AWS's extended support of them is charged by the vCPU and hour.",
  remedy:
    'Raise `engineVersion` (`database.version`), and set `engineLifecycleSupport: "open-source-rds-extended-support-disabled"`.',
  ids: ["C-07", "CKV_AWS_250"],
  levels: FROM_ENTERPRISE,
  limits: ["postgresMajor"],
  types: TYPES,
  check: (instance, { postgresMajor }) =>
    ofPrimary(instance, () => [
      ...majorAtLeast(postgresMajor, instance.props),
      ...mustBeOneOf(["open-source-rds-extended-support-disabled"], instance.props, "engineLifecycleSupport"),
    ]),
};

function majorAtLeast(oldest: number, props: Value): readonly Judgement[] {
  const version = readText(props, "engineVersion");
  if (version.state === "unknown") return unverified(shown(["engineVersion"]));
  // The text of a version begins with its major one; that of no version is no number, and less than none.
  const major = version.state === "known" ? Number.parseInt(version.value, 10) : Number.NaN;
  return major >= oldest ? [] : violated(`${shown(["engineVersion"])} must be major version ${oldest} or later.`);
}

const storageHeadroom: ResourceRule = {
  scope: "resource",
  name: "rds-storage-headroom",
  description: "The storage of every database grows by itself before it is full.",
  why: "A database whose disk is full stops, and even reading fails until somebody enlarges it.",
  remedy: "Set `maxAllocatedStorage` (`database.maxStorageGiB`) above `allocatedStorage`.",
  ids: ["S0-22", "C-06"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: ({ props }) => {
    // A replica does not say its storage: it has that of its source.
    const size = readNumber(props, "allocatedStorage");
    if (size.state === "unknown") return unverified(shown(["allocatedStorage"]));
    if (size.state === "mistyped") return violated(`${shown(["allocatedStorage"])} must be a number.`);
    const least = size.state === "known" ? size.value + 1 : 1;
    return mustBeAtLeast(least, props, "maxAllocatedStorage");
  },
};

const proxyTls: ResourceRule = {
  scope: "resource",
  name: "proxy-tls",
  description: "The proxy takes encrypted connections only, and writes no statements into its log.",
  why: "The proxy ends the client's connection: what the database demands does not reach the client. Statements hold data.",
  remedy: "Set `requireTls: true`, and leave `debugLogging` out or false.",
  ids: ["RDS.43"],
  levels: ALWAYS,
  types: ["aws:rds/proxy:Proxy"],
  check: ({ props }) => [...mustBeTrue(props, "requireTls"), ...mustNotBeTrue(props, "debugLogging")],
};

/** What is asked of a database for its running: that it is seen into, kept current, and has room. */
export const rdsOperationRules: readonly Rule[] = [
  upgrades,
  enhancedMonitoring,
  insights,
  logExports,
  iamAuthentication,
  currentAuthority,
  engineSupported,
  storageHeadroom,
  proxyTls,
];
