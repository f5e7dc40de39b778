import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SizeName } from "../../../settings/tiers";
import { labelsOf } from "../../kubernetes/labels";
import { checksumOf, secretData } from "../../kubernetes/secretData";
import { REPLICATION_FILE, redisConfiguration, replicationFile, USERS_FILE, userList } from "./redisConfiguration";
import { REDIS_SIZES } from "./redisEngines";
import { METRICS_PASSWORD, PORT, REDIS_APP } from "./redisPod";

const LABELS = labelsOf(REDIS_APP);

export interface RedisFilesArgs {
  readonly namespace: pulumi.Input<string>;
  readonly size: SizeName;
  readonly maxmemoryPolicy: string;
  readonly tls: boolean;
}

/** The configuration of the servers in a ConfigMap, and their users, each with a generated password, in a Secret. */
export class RedisFiles extends pulumi.ComponentResource {
  readonly configMapName: pulumi.Output<string>;
  readonly secretName: pulumi.Output<string>;
  /** The application's. Secret; the cluster has its hash only. */
  readonly password: pulumi.Output<string>;
  /** Changes with everything in both. */
  readonly checksum: pulumi.Output<string>;

  constructor(name: string, args: RedisFilesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:cache:RedisFiles", name, { size: args.size, tls: args.tls }, opts);
    const plain = configurationOf(args);
    const app = this.makePassword(`${name}-app`);
    const replica = this.makePassword(`${name}-replica`);
    const metrics = this.makePassword(`${name}-metrics`);
    const passwords = pulumi.output({ app, replica, metrics });
    const secret = {
      [USERS_FILE]: passwords.apply(userList),
      [REPLICATION_FILE]: passwords.apply(replicationFile),
      [METRICS_PASSWORD]: metrics,
    };

    this.configMapName = this.makeConfigMap(name, args, plain).metadata.name;
    this.secretName = this.makeSecret(name, args, secret).metadata.name;
    this.password = app;
    this.checksum = checksumOf([...Object.values(plain), ...Object.values(secret)]);
    this.registerOutputs({ configMapName: this.configMapName, secretName: this.secretName });
  }

  private makePassword(name: string): pulumi.Output<string> {
    // Letters and digits only, which no URL, shell or configuration minds.
    const made = new random.RandomPassword(`${name}-password`, { length: 40, special: false }, { parent: this });
    return pulumi.secret(made.result);
  }

  private makeConfigMap(name: string, { namespace }: RedisFilesArgs, data: Record<string, string>) {
    return new kubernetes.core.v1.ConfigMap(
      `${name}-configuration`,
      { metadata: { name: "redis", namespace, labels: LABELS }, data },
      { parent: this },
    );
  }

  private makeSecret(
    name: string,
    { namespace }: RedisFilesArgs,
    values: Readonly<Record<string, pulumi.Output<string>>>,
  ) {
    return new kubernetes.core.v1.Secret(
      `${name}-users`,
      { metadata: { name: "redis-users", namespace, labels: LABELS }, type: "Opaque", data: secretData(values) },
      { parent: this },
    );
  }
}

const script = (file: string): string => readFileSync(join(__dirname, file), "utf8");

/** What is no secret: the configuration, and the scripts of start and probe. */
const configurationOf = ({ size, maxmemoryPolicy, tls }: RedisFilesArgs): Record<string, string> => ({
  "redis.conf": redisConfiguration({ memoryMiB: REDIS_SIZES[size].memoryMiB, maxmemoryPolicy, tls, port: PORT }),
  "start.sh": script("start.sh"),
  "ready.sh": script("ready.sh"),
});
