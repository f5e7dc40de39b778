import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "../aws/naming";
import { APP_ACCESS, APP_USER } from "./appAccess";

export interface RedisUsersArgs {
  /** ARN of the key that encrypts the secret. Changed in place. */
  readonly keyArn: pulumi.Input<string>;
}

/** May do nothing; takes the place of AWS's own default user, who may do everything without a password. */
const DEFAULT_ACCESS = "off ~* -@all";

/**
 * Users and groups of the engine `redis` serve Redis and Valkey alike, whereas those of `valkey` fit Valkey only
 * (docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html): so a cache moves to Valkey without touching them.
 */
const ENGINE = "redis";

/**
 * Who may use the cache: one user for the application, with a password of its own in Secrets Manager, and a default user who is
 * switched off. About 0.40 USD a month for the secret.
 */
export class RedisUsers extends pulumi.ComponentResource {
  readonly userGroupId: pulumi.Output<string>;
  readonly username: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** The secret with `username` and `password`. */
  readonly secretArn: pulumi.Output<string>;

  constructor(name: string, args: RedisUsersArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:cache:RedisUsers", name, {}, opts);

    this.password = this.makePassword(`${name}-app`);
    const app = this.makeUser(`${name}-app`, APP_USER, APP_ACCESS, this.password);
    // With a password that nobody is told: a user without one could not be in a group that Valkey uses.
    const nobody = this.makeUser(`${name}-default`, "default", DEFAULT_ACCESS, this.makePassword(`${name}-default`));
    const group = this.makeGroup(name, [nobody, app]);

    this.userGroupId = group.userGroupId;
    this.username = app.userName;
    this.secretArn = this.keepSecret(name, args);
    this.registerOutputs({ userGroupId: this.userGroupId, secretArn: this.secretArn });
  }

  private makePassword(name: string): pulumi.Output<string> {
    // Letters and digits only: ElastiCache forbids some signs, and URLs and shells others.
    const made = new random.RandomPassword(`${name}-password`, { length: 40, special: false }, { parent: this });
    return pulumi.secret(made.result);
  }

  private makeUser(
    name: string,
    userName: string,
    accessString: string,
    password: pulumi.Output<string>,
  ): aws.elasticache.User {
    return new aws.elasticache.User(
      name,
      {
        userId: physicalName("cacheUser", `cache-${userName}`),
        userName,
        engine: ENGINE,
        accessString,
        authenticationMode: { type: "password", passwords: [password] },
      },
      { parent: this, additionalSecretOutputs: ["authenticationMode"] },
    );
  }

  private makeGroup(name: string, users: readonly aws.elasticache.User[]): aws.elasticache.UserGroup {
    return new aws.elasticache.UserGroup(
      `${name}-group`,
      {
        userGroupId: physicalName("cacheUser", "cache-users"),
        engine: ENGINE,
        userIds: users.map(({ userId }) => userId),
      },
      { parent: this },
    );
  }

  private keepSecret(name: string, { keyArn }: RedisUsersArgs): pulumi.Output<string> {
    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      {
        // A deleted secret keeps its name for thirty days; a prefix lets the stack be made again within them.
        namePrefix: `${physicalName("secret", "cache")}-`,
        description: `User of the cache of stack ${pulumi.getStack()}`,
        kmsKeyId: keyArn,
      },
      { parent: this },
    );
    new aws.secretsmanager.SecretVersion(
      `${name}-secret-version`,
      {
        secretId: secret.id,
        secretString: pulumi.secret(pulumi.jsonStringify({ username: this.username, password: this.password })),
      },
      { parent: this },
    );
    return secret.arn;
  }
}
