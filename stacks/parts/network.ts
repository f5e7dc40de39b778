import type { ComponentResourceOptions } from "@pulumi/pulumi";
import type { RedisCache } from "../../components/cache/redisCache";
import type { RdsDatabase } from "../../components/database/rdsDatabase";
import { InternalNames } from "../../components/network/internalNames";
import { Network, type NetworkArgs } from "../../components/network/network";
import type { CloudSettings } from "../../settings";
import type { Cloud } from "../cloud";

/** What differs between tiers. */
type Chosen = Pick<NetworkArgs, "interfaceEndpoints"> & { readonly natGateways: NetworkArgs["natGateways"] };

/** The network of a stack; what the settings say goes before what the tier chose. */
export function networkOf(
  { accountId }: Cloud,
  settings: CloudSettings,
  tier: Chosen,
  opts: ComponentResourceOptions,
): Network {
  const { mode, natGateways, ...given } = settings.network;
  const { region, deletionProtection } = settings;
  return new Network(
    "network",
    { ...tier, ...given, mode, natGateways: natGateways ?? tier.natGateways, accountId, region, deletionProtection },
    opts,
  );
}

/** `postgres.internal` and its companions, which stay when what they point to changes (S1-09, S1-19). */
export const namesOf = (
  network: Network,
  database: RdsDatabase,
  cache: RedisCache,
  opts: ComponentResourceOptions,
): InternalNames =>
  new InternalNames(
    "names",
    {
      zoneId: network.internalZoneId,
      domain: network.internalDomain,
      postgres: database.endpoint.host,
      readers: database.readerHosts,
      redis: cache.endpoint.host,
    },
    opts,
  );
