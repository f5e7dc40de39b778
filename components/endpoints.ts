import type { Input, Output } from "@pulumi/pulumi";

/**
 * The small interfaces that every tier's database, files and cache offer. The application sees nothing else of them,
 * through the contract, so a stack changes tier by configuration alone (S1-01).
 */

export interface SqliteEndpoint {
  readonly kind: "sqlite";
  /** Absolute path of the file. */
  readonly path: Output<string>;
  readonly busyTimeoutMs: number;
}

export interface PostgresqlEndpoint {
  readonly kind: "postgresql";
  readonly host: Output<string>;
  readonly port: number;
  /** Where reports and dashboards read; the writer itself when there is no replica. */
  readonly readerHost?: Output<string>;
  readonly name: string;
  readonly username: Output<string>;
  /** Secret. */
  readonly password: Output<string>;
  /** How the connection is encrypted, as libpq names it. Default: the client's own. */
  readonly sslmode?: "require" | "verify-full";
  /** Clients in the pool of one application process (C-32). Default: the application's own. */
  readonly poolMax?: number;
}

export type DatabaseEndpoint = SqliteEndpoint | PostgresqlEndpoint;

export type FilesEndpoint =
  | { readonly kind: "local"; readonly path: Output<string> }
  | {
      readonly kind: "s3";
      readonly bucket: Output<string>;
      readonly region: Input<string>;
      /** Set for S3-compatible servers only. */
      readonly endpoint?: Input<string>;
      readonly forcePathStyle?: boolean;
      /** Absent where the pod has an identity of its own. Both are treated as secrets. */
      readonly credentials?: { readonly accessKey: Output<string>; readonly secretKey: Output<string> };
    };

export type CacheEndpoint =
  | { readonly kind: "memory" }
  | {
      readonly kind: "redis" | "valkey";
      readonly host: Output<string>;
      readonly port: number;
      readonly tls: boolean;
      /** User of the access list; absent where the cache asks for none. */
      readonly username?: Output<string>;
      /** Secret. */
      readonly password?: Output<string>;
    };
