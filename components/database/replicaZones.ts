/**
 * The zone of a read replica: any of the data subnets' zones but the primary's, in turn. The primary's own is what it was when
 * the replica is made; with a standby it moves at a failover, and replicas stay where they are.
 */
export function replicaZone(zones: readonly string[], primaryZone: string, index: number): string | undefined {
  const others = zones.filter((zone) => zone !== primaryZone);
  return others[index % others.length];
}
