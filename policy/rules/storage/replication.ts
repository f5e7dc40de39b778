import { eachOfSome, mustBeText } from "../../checks/content";
import { aboutNamed, all, at, oneOf } from "../../checks/parts";
import { type Judgements, unverified, violated } from "../../checks/property";
import { readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { FROM_ENTERPRISE, ONLY_FROM_ENTERPRISE, type Rule, type StackRule } from "../../rule";
import { componentOf } from "../stack/components";
import { pointingTo, targetsOf } from "../stack/targets";
import { BUCKET, judgePart, VERSIONING } from "./bucketStack";

const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
export const FILES = "scaling-ladder:files:S3Files";

const enabled = oneOf("Enabled");

const copiesEverything = all(
  at(["status"], enabled),
  // Otherwise deleted files live on in the copy.
  at(["deleteMarkerReplication", "status"], enabled),
  at(["destination", "bucket"], mustBeText),
);

function inAnotherRegion(from: StackResource, to: StackResource): Judgements {
  const [own, other] = [readText(from.props, "region"), readText(to.props, "region")];
  // A bucket that names no region stands in that of its provider, which the state will tell.
  if (own.state !== "known" || other.state !== "known") {
    return unverified(`Whether ${to.name} stands in another region than ${from.name} is`, to.urn);
  }
  return own.value === other.value
    ? violated(`${to.name} stands in the same region as ${from.name}, of which it is the copy.`, to.urn)
    : [];
}

function judgeReplication(stack: StackView, replication: StackResource): Judgements {
  const sources = targetsOf(stack, replication, "bucket", BUCKET).found;
  const targets = targetsOf(stack, replication, "rules", BUCKET).found;
  return [
    ...aboutNamed(replication, [
      ...mustBeText(replication.props, "role"),
      ...eachOfSome(copiesEverything)(replication.props, "rules"),
    ]),
    ...[...new Set([...sources, ...targets])].flatMap((bucket) =>
      judgePart(stack, bucket, [VERSIONING, "versioning"], at(["versioningConfiguration", "status"], enabled)),
    ),
    ...sources.flatMap((from) => targets.flatMap((to) => inAnotherRegion(from, to))),
  ];
}

const replicationComplete: StackRule = {
  scope: "stack",
  name: "replication-complete",
  description:
    "A bucket that is copied is copied whole, with its deletions, into another region; both sides keep versions.",
  why: "A copy in the same region is lost with it; without versions S3 copies nothing, and without deletions users' files outlive their deletion.",
  remedy:
    "Give BucketReplicationConfig a `role` and enabled rules with `deleteMarkerReplication`, a destination in another region, and both buckets a BucketVersioning that is enabled.",
  ids: ["S0-34", "S1-84", "C-41"],
  levels: FROM_ENTERPRISE,
  check: (stack) => stack.ofType(REPLICATION).flatMap((replication) => judgeReplication(stack, replication)),
};

/** The buckets in which a stack keeps the files of its application; copies of them are not among them. */
export const fileBuckets = (stack: StackView): readonly StackResource[] =>
  stack
    .ofType(BUCKET)
    .filter(
      (bucket) =>
        componentOf(stack, bucket, FILES) !== undefined &&
        pointingTo(stack, bucket, REPLICATION, "rules").found.length === 0,
    );

const filesReplicated: StackRule = {
  scope: "stack",
  name: "files-replicated",
  description: "The files of the application have a copy in a second region.",
  why: "From tier enterprise on backups are held in more than one region, and versions of files are their only backup.",
  remedy: "Set `scaling-ladder:secondaryRegion`, or give the bucket a BucketReplicationConfig.",
  ids: ["S3.7", "CKV_AWS_144", "S0-34", "C-41"],
  levels: ONLY_FROM_ENTERPRISE,
  check: (stack) =>
    fileBuckets(stack).flatMap((bucket) => {
      const { found, perhaps } = pointingTo(stack, bucket, REPLICATION, "bucket");
      if (found.length > 0) return [];
      return perhaps
        ? unverified(`Whether ${bucket.name} is copied is`, bucket.urn)
        : violated(`${bucket.name} has no copy in a second region.`, bucket.urn);
    }),
};

/** What is asked of copies of buckets. */
export const replicationRules: readonly Rule[] = [replicationComplete, filesReplicated];
