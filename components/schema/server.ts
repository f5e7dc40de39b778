import type { Input } from "@pulumi/pulumi";
import type { JobIdentity } from "../cluster/jobPrincipal";

/** The servers that migrations reach, and how they trust them. */

/** PostgreSQL on RDS: the job is its master, whose password is rotated, and so reads the master's secret when it runs. */
export interface RdsServer {
  readonly kind: "rds";
  /** The primary itself: RDS Proxy knows the application's role alone. */
  readonly host: Input<string>;
  readonly port: number;
  readonly master: MasterSecret;
  /**
   * Certificates of Amazon's authorities, PEM (`https://truststore.pki.rds.amazonaws.com/<region>/<region>-bundle.pem`): the server's
   * certificate and name are checked against them. Default: the connection is encrypted, and no certificate is checked.
   */
  readonly ca?: string | undefined;
}

/** A secret of Secrets Manager whose value is JSON with `username` and `password`. */
export interface MasterSecret {
  readonly secretArn: Input<string>;
  /** The key that encrypts it. */
  readonly keyArn: Input<string>;
  readonly region: string;
  /** The pods' own identity on an EKS cluster, for MIGRATION_APP. Default: keys of an IAM user. */
  readonly identity?: JobIdentity | undefined;
}

/** PostgreSQL whose roles and databases somebody else has made: CloudNativePG's operator, or an external host. */
export interface PostgresServer {
  readonly kind: "postgres";
  /** The writer itself: a pooler in transaction mode would mix up what belongs to one session. */
  readonly host: Input<string>;
  readonly port: number;
  /** Label `app` of its pods, where it stands in the same namespace. Default: it stands outside of the cluster. */
  readonly app?: string | undefined;
  /**
   * Certificates (PEM) that the server's own and its name are checked against: a text, or a key of a Secret such as CloudNativePG's
   * `<cluster>-ca`, `ca.crt`. Default: the connection is encrypted, and no certificate is checked.
   */
  readonly ca?: string | { readonly secretName: Input<string>; readonly key: string } | undefined;
}

export type MigrationServer = RdsServer | PostgresServer;

/** A password: a text, kept in the job's own Secret, or a key of a Secret that is there. */
export type RolePassword = Input<string> | SecretKey;

export interface SecretKey {
  readonly secretName: Input<string>;
  readonly key: string;
}

export const isSecretKey = (password: RolePassword): password is SecretKey =>
  typeof password === "object" && password !== null && "secretName" in password;
