import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../settings/errors";

/**
 * Zones, by the id that is the same in every account, where EKS has no control plane or RDS Proxy does not run (Amazon EKS user
 * guide, "network requirements"; RDS user guide, "RDS Proxy limitations").
 */
const WITHOUT_PARTS = ["use1-az3", "usw1-az2", "cac1-az3"];

/** The first zones of the region in the order of the alphabet, without local zones and those that an account opts into. */
export function firstZones(region: string, count: number, opts: pulumi.InvokeOptions): pulumi.Output<string>[] {
  const answer = aws.getAvailabilityZonesOutput(
    {
      region,
      state: "available",
      excludeZoneIds: WITHOUT_PARTS,
      filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    },
    opts,
  );
  const names = answer.names.apply((all) => pickZones(all, count, region));
  return Array.from({ length: count }, (_, index) => names.apply((picked) => picked[index] ?? ""));
}

/** So many of these zones, in the order of the alphabet. */
export function pickZones(all: readonly string[], count: number, region: string): string[] {
  if (all.length < count)
    throw new UserError(
      `network.zones: ${region} offers ${all.length} zones to this account and ${count} are needed. Name two in network.zones.`,
    );
  return [...all].sort().slice(0, count);
}
