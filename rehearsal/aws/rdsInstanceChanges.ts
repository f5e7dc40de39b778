import { type Refusal, text, type Values } from "../model";
import { known, majorOf, refusal } from "./rdsInstanceRules";

/** Larger than zero when the first version is the newer one; a major version alone stands for all of its minors. */
function newer(one: string, other: string): number {
  const [major = "0", minor] = one.split(".");
  const [otherMajor = "0", otherMinor] = other.split(".");
  if (major !== otherMajor) return Number(major) - Number(otherMajor);
  return minor === undefined || otherMinor === undefined ? 0 : Number(minor) - Number(otherMinor);
}

/** Changes that AWS or the provider refuses. None of these is a replacement: the instance stays as it was. */
export function checkInstanceUpdate(now: Values, old: Values): Refusal[] {
  const [from, to] = [text(old.engineVersion), text(now.engineVersion)];
  const step = known(now.engineVersion) && from !== "" ? newer(to, from) : 0;
  const moved = (name: string) => known(now[name]) && known(old[name]) && now[name] !== old[name];
  return [
    ...(step < 0
      ? [
          refusal(
            "engineVersion",
            `InvalidParameterCombination: Cannot upgrade postgres from ${from} to ${to}; a version is never lowered`,
          ),
        ]
      : []),
    ...(step > 0 && majorOf(from) !== majorOf(to) && now.allowMajorVersionUpgrade !== true
      ? [
          refusal(
            "engineVersion",
            "InvalidParameterCombination: The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version",
          ),
        ]
      : []),
    // With autoscaling the provider passes over a smaller size in silence; told here, for it never does what was meant.
    ...(Number(now.allocatedStorage) < Number(old.allocatedStorage)
      ? [
          refusal(
            "allocatedStorage",
            "InvalidParameterCombination: Invalid storage size: storage grows and never shrinks",
          ),
        ]
      : []),
    ...(moved("dbSubnetGroupName")
      ? [
          refusal(
            "dbSubnetGroupName",
            "InvalidVPCNetworkStateFault: You cannot move the DB instance: the subnet group and the DB instance are in the same VPC",
          ),
        ]
      : []),
    ...(moved("replicateSourceDb")
      ? [refusal("replicateSourceDb", "cannot elect new source database for replication")]
      : []),
    ...(now.replicateSourceDb !== undefined && (old.replicateSourceDb ?? "") === ""
      ? [
          refusal(
            "replicateSourceDb",
            "cannot elect new source database for replication: an instance cannot be turned into a replica",
          ),
        ]
      : []),
    ...(moved("performanceInsightsKmsKeyId")
      ? [
          refusal(
            "performanceInsightsKmsKeyId",
            "InvalidParameterCombination: the key of Performance Insights cannot be changed",
          ),
        ]
      : []),
  ];
}
