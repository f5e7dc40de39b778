import type { Path } from "../../../policy/reading/reader";
import type { StackResource } from "../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { bucketOf, PARTS, part } from "./bucketStackCases";
import { type Case, type Cases, having, resource } from "./cases";
import { one } from "./oneCase";

const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const component = resource("scaling-ladder:files:S3Files", {}, "files");
const inside = resource("scaling-ladder:files:S3Bucket", {}, "files-main", { parent: component });
const source = bucketOf("main", { region: "us-east-1" }, inside);
const target = bucketOf("copy", { region: "us-west-2" }, inside);
const on = { versioningConfiguration: { status: "Enabled" } };
const versions = (bucket: StackResource, props: Readonly<Record<string, Value>> = on) =>
  part(PARTS.versioning, bucket, props);

const RULE = {
  id: "everything",
  status: "Enabled",
  deleteMarkerReplication: { status: "Enabled" },
  destination: { bucket: UNKNOWN },
};
const byReference = resource(REPLICATION, { bucket: UNKNOWN, role: UNKNOWN, rules: [RULE] }, "replication", {
  refers: { bucket: source, rules: target },
});
const stack = (replication = byReference, from = source, to = target): readonly StackResource[] => [
  component,
  inside,
  from,
  to,
  versions(from),
  versions(to),
  replication,
];
/** The same in plain text, as a stack after `up` has it; the references are known there too, but need not be. */
const spelled = (bucket: Value, destination: Value) =>
  resource(
    REPLICATION,
    { bucket, role: "role", rules: [{ ...RULE, destination: { bucket: destination } }] },
    "replication",
  );

const changed = (path: Path, value: Value | undefined) => stack(having(byReference, path, value));
const region = (bucket: StackResource, value: Value | undefined) => having(bucket, ["region"], value);
const SAME = "copy stands in the same region as main, of which it is the copy.";
const ARN = "arn:aws:s3:::copy";

const COMPLETE: readonly Case[] = [
  one("pass", "everything unknown", stack()),
  one("pass", "no replication", [source, versions(source)]),
  one("pass", "in plain text", stack(spelled("main", ARN), source, having(target, ["arn"], ARN))),
  one("pass", "into a bucket outside of the stack", [
    source,
    versions(source),
    spelled("main", "arn:aws:s3:::elsewhere"),
  ]),
  one("fail", "no role", changed(["role"], undefined), ["violated"], { says: ["replication: `role` is not set"] }),
  one("fail", "no rules", changed(["rules"], []), ["violated"]),
  one("fail", "a rule that is off", changed(["rules", 0, "status"], "Disabled"), ["violated"], {
    says: ["`rules[0].status`"],
  }),
  one(
    "fail",
    "deletions left out",
    changed(["rules", 0, "deleteMarkerReplication", "status"], "Disabled"),
    ["violated"],
    {
      says: ["`rules[0].deleteMarkerReplication.status`"],
    },
  ),
  one("fail", "no destination", changed(["rules", 0, "destination"], undefined), ["violated"], {
    says: ["`rules[0].destination.bucket`"],
  }),
  one("fail", "the second rule", changed(["rules"], [RULE, { ...RULE, status: "Disabled" }]), ["violated"], {
    says: ["`rules[1].status`"],
  }),
  one("fail", "the same region", stack(byReference, source, region(target, "us-east-1")), ["violated"], {
    says: [SAME],
  }),
  one(
    "fail",
    "the same region in plain text",
    stack(spelled("main", ARN), source, having(region(target, "us-east-1"), ["arn"], ARN)),
    ["violated"],
    { says: [SAME] },
  ),
  one(
    "fail",
    "a copy in itself",
    stack({ ...byReference, propertyDependencies: { bucket: [source.urn], rules: [source.urn] } }),
    ["violated"],
    {
      says: ["main stands in the same region as main"],
    },
  ),
  one(
    "fail",
    "no versions in the source",
    stack().filter(({ name }) => name !== "main-part"),
    ["violated"],
    {
      says: ["main has no resource for its versioning."],
    },
  ),
  one(
    "fail",
    "no versions in the copy",
    stack().filter(({ name }) => name !== "copy-part"),
    ["violated"],
    {
      says: ["copy has no resource for its versioning."],
    },
  ),
  one(
    "fail",
    "suspended versions",
    [
      ...stack().filter(({ name }) => name !== "copy-part"),
      versions(target, { versioningConfiguration: { status: "Suspended" } }),
    ],
    ["violated"],
    { says: ["copy-part: `versioningConfiguration.status`"] },
  ),
  one("absent", "rules left out", changed(["rules"], undefined), ["violated"]),
  one("absent", "nothing said of deletions", changed(["rules", 0, "deleteMarkerReplication"], undefined), ["violated"]),
  one("absent", "no region of its own", stack(byReference, region(source, undefined), target), ["unverified"]),
  one("wrong type", "a role as a number", changed(["role"], 7), ["violated"]),
  one("wrong type", "rules as a text", changed(["rules"], "all"), ["violated"]),
  one("unknown", "a region", stack(byReference, source, region(target, UNKNOWN)), ["unverified"], {
    says: ["Whether copy stands in another region than main is not known"],
  }),
  one("unknown", "the rules", changed(["rules"], UNKNOWN), ["unverified"]),
  one("secret", "a role marked secret", changed(["role"], new Secret("role"))),
];

const REPLICATED: readonly Case[] = [
  one("pass", "by reference", stack()),
  one("pass", "in plain text", stack(spelled("main", ARN), source, having(target, ["arn"], ARN))),
  one("pass", "a bucket without files", [bucketOf("dumps")]),
  one(
    "pass",
    "no names told, the name marked secret",
    stack(spelled(new Secret("main"), ARN), source, having(target, ["arn"], ARN)),
  ),
  one("absent", "no copy", [component, inside, source], ["violated"], {
    says: ["main has no copy in a second region."],
  }),
  one("fail", "a copy of another bucket", [...stack(), bucketOf("more", {}, component)], ["violated"], {
    says: ["more has no copy"],
  }),
  one("fail", "another name", stack(spelled("other", ARN), source, having(target, ["arn"], ARN)), ["violated"]),
  one("wrong type", "a number for a name", stack(spelled(7, ARN), source, having(target, ["arn"], ARN)), ["violated"]),
  one(
    "unknown",
    "which bucket is copied",
    stack(spelled(UNKNOWN, ARN), source, having(target, ["arn"], ARN)),
    ["unverified"],
    {
      says: ["Whether main is copied is not known"],
    },
  ),
  one(
    "secret",
    "marked secret",
    [component, having(bucketOf("b", {}, component), ["bucket"], new Secret("hidden-name"))],
    ["violated"],
    {
      hides: ["hidden-name"],
    },
  ),
];

export const CASES: Cases = { "replication-complete": COMPLETE, "files-replicated": REPLICATED };
