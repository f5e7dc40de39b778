import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "../aws/naming";
import { PORT } from "./rdsAccess";

/** Master user of every instance. RDS refuses `admin` (C-09); only the bootstrap and the rotation use it. */
export const MASTER_USERNAME = "platform_master";

/** Database that every PostgreSQL server has; ours are made by the bootstrap, for RDS takes no name like `4g3n7db` (C-09). */
const MAINTENANCE_DATABASE = "postgres";

/** Letters and digits only, which no URL, shell or rule of RDS minds: about 238 bits. */
const PASSWORD_LENGTH = 40;

/** Days in which a deleted secret can be brought back; its name stays taken for as long. */
const RECOVERY_DAYS = 30;

export interface CredentialsArgs {
  /** Logical database of the application; its role has the same name, as `aibase` has it in the documents (S1-11). */
  readonly databaseName: string;
  readonly keyArn: pulumi.Input<string>;
  readonly deletionProtection: boolean;
}

/** One user of the database. */
export interface Credentials {
  readonly username: string;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  readonly secret: aws.secretsmanager.Secret;
}

export interface DatabaseCredentials {
  readonly master: Credentials;
  readonly app: Credentials;
  /** Stands when the proxy can log in as the application. */
  readonly appVersion: aws.secretsmanager.SecretVersion;
}

/**
 * Two users, each with a generated password in Secrets Manager (0.40 USD a month for a secret, Secrets Manager pricing):
 *
 * - the **master**, rotated by AWS's application. Nothing but the secret knows its present password, so nothing else hands it on.
 * - the **application's role**, which the contract carries. A rotation by one user breaks every process that has the old password
 *   in its environment, so this one changes only when its resource is replaced; the bootstrap makes the role with this password.
 */
export function databaseCredentials(
  name: string,
  args: CredentialsArgs,
  opts: pulumi.CustomResourceOptions,
): DatabaseCredentials {
  const master = credentials(`${name}-master`, MASTER_USERNAME, "database-master", args, opts);
  const app = credentials(`${name}-app`, args.databaseName, "database-app", args, opts);
  // Without the host: RDS Proxy reads user and password only, and so need not wait for the primary.
  const appVersion = secretVersion(`${name}-app`, app, { dbname: args.databaseName }, opts);
  return { master, app, appVersion };
}

/**
 * The master's secret gets its first value, in the fields that the rotation function reads. From then on the value belongs to the
 * rotation: a later change here would put the first password back.
 */
export const masterVersion = (
  name: string,
  master: Credentials,
  primary: aws.rds.Instance,
  opts: pulumi.CustomResourceOptions,
): aws.secretsmanager.SecretVersion =>
  secretVersion(
    `${name}-master`,
    master,
    // A restored instance brings its own master user along.
    { host: primary.address, username: primary.username, dbname: MAINTENANCE_DATABASE },
    { ...opts, ignoreChanges: ["secretString"] },
  );

/** The master as the secret has it now: its password is rotated, and the state knows the first one alone. */
export function presentMaster(first: aws.secretsmanager.SecretVersion, opts: pulumi.InvokeOptions) {
  const { secretString } = aws.secretsmanager.getSecretVersionOutput({ secretId: first.secretId }, opts);
  const read = (field: string) =>
    pulumi.secret(secretString).apply((text): string => String(Object(JSON.parse(text))[field]));
  return { username: pulumi.unsecret(read("username")), password: read("password") };
}

function credentials(
  name: string,
  username: string,
  part: string,
  args: CredentialsArgs,
  opts: pulumi.CustomResourceOptions,
): Credentials {
  const password = new random.RandomPassword(`${name}-password`, { length: PASSWORD_LENGTH, special: false }, opts);
  const secret = new aws.secretsmanager.Secret(
    `${name}-secret`,
    {
      // A fixed name stays taken for the days of recovery: a stack could not be made again after it was destroyed.
      namePrefix: `${physicalName("secret", part)}-`,
      description: `Credentials of ${username} for the PostgreSQL server of stack ${pulumi.getStack()}`,
      kmsKeyId: args.keyArn,
      recoveryWindowInDays: RECOVERY_DAYS,
    },
    { ...opts, protect: args.deletionProtection },
  );
  return { username, password: pulumi.secret(password.result), secret };
}

const secretVersion = (
  name: string,
  { username, password, secret }: Credentials,
  more: Readonly<Record<string, pulumi.Input<string>>>,
  opts: pulumi.CustomResourceOptions,
): aws.secretsmanager.SecretVersion =>
  new aws.secretsmanager.SecretVersion(
    `${name}-secret-version`,
    {
      secretId: secret.id,
      secretString: pulumi.secret(
        pulumi.jsonStringify({ engine: "postgres", username, password, port: PORT, ...more }),
      ),
    },
    opts,
  );
