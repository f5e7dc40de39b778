import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface InternalNamesArgs {
  /** Route 53 zone that the names stand in. A change replaces them. */
  readonly zoneId: pulumi.Input<string>;
  /** Name of that zone. */
  readonly domain: string;
  /** Host of the writer. Changed in place; clients follow within the TTL. */
  readonly postgres: pulumi.Input<string>;
  /** Read replicas; the key tells them apart and stays with its replica. Without any, the writer answers reads as well. */
  readonly readers: readonly { readonly key: string; readonly host: pulumi.Input<string> }[];
  /** Host of the cache. Changed in place. */
  readonly redis: pulumi.Input<string>;
}

/** Seconds that an answer is kept by clients: short, since a switch of the writer waits for it (S0-42). */
const TTL = 30;

/** Replicas share reads evenly; weights count relative to each other only. */
const WEIGHT = 10;

/**
 * Names inside the network: `postgres.internal`, `postgres-read.internal`, `redis.internal` (S1-21). They are no names of the
 * servers' certificates: a client that checks those connects to the hosts themselves. A replica that fails keeps its share
 * of answers until it is back, since Route 53 cannot reach it to ask. Costs nothing beside the zone.
 */
export class InternalNames extends pulumi.ComponentResource {
  readonly postgres: pulumi.Output<string>;
  readonly postgresRead: pulumi.Output<string>;
  readonly redis: pulumi.Output<string>;

  constructor(name: string, args: InternalNamesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:network:InternalNames", name, { domain: args.domain }, opts);

    this.makeName(name, args, "postgres", args.postgres);
    this.makeReaders(name, args);
    this.makeName(name, args, "redis", args.redis);
    // Known before the records are there: the application must not wait a quarter of an hour for the last replica.
    this.postgres = pulumi.output(`postgres.${args.domain}`);
    this.postgresRead = pulumi.output(`postgres-read.${args.domain}`);
    this.redis = pulumi.output(`redis.${args.domain}`);
    this.registerOutputs({ postgres: this.postgres, postgresRead: this.postgresRead, redis: this.redis });
  }

  private makeName(name: string, args: InternalNamesArgs, host: string, target: pulumi.Input<string>) {
    return this.makeRecord(`${name}-${host}`, args, host, target);
  }

  private makeReaders(name: string, args: InternalNamesArgs): void {
    // Weighted in either case: Route 53 takes no weighted record beside a simple one, so a first replica could not be added.
    const readers = args.readers.length > 0 ? args.readers : [{ key: "writer", host: args.postgres }];
    for (const { key, host } of readers)
      this.makeRecord(`${name}-postgres-read-${key}`, args, "postgres-read", host, {
        setIdentifier: key,
        weightedRoutingPolicies: [{ weight: WEIGHT }],
      });
  }

  private makeRecord(
    name: string,
    { zoneId, domain }: InternalNamesArgs,
    host: string,
    target: pulumi.Input<string>,
    routing: Partial<aws.route53.RecordArgs> = {},
  ): aws.route53.Record {
    return new aws.route53.Record(
      name,
      { zoneId, name: `${host}.${domain}`, type: "CNAME", ttl: TTL, records: [target], ...routing },
      { parent: this },
    );
  }
}
