import { stringify } from "yaml";
import { UserError } from "../../settings/errors";

/** Point-in-time recovery is optional; this is the version that the configuration below was tried with. */
export const LITESTREAM_VERSION = "v0.5.18";

/** Builds Litestream from the Go module registry (Go 1.26, about a minute and a half on two cores). */
export const litestreamInstall = `go install github.com/benbjohnson/litestream/cmd/litestream@${LITESTREAM_VERSION}`;

/** Where the changes go: a folder on this machine, or a place in a bucket as `s3://bucket/path`. */
export type LitestreamReplica = { folder: string } | { s3Url: string; region?: string; endpoint?: string };

/** Seven days, as the managed databases of the next tier keep. */
const SNAPSHOTS_KEPT = "168h";

function checkUrl(value: string, protocols: string[], name: string): void {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !protocols.includes(url.protocol) || url.hostname === "")
    throw new UserError(`${name} is not a ${protocols.map((protocol) => `${protocol}//`).join(" or ")} address.`);
  // The value is not repeated: it may hold the secret itself.
  if (url.username !== "" || url.password !== "" || url.search !== "")
    throw new UserError(
      `${name} carries credentials or a query. Write the address alone; Litestream reads AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from its environment.`,
    );
}

function replicaSettings(replica: LitestreamReplica): Record<string, string> {
  if ("folder" in replica) return { type: "file", path: replica.folder };
  checkUrl(replica.s3Url, ["s3:"], "The Litestream replica");
  if (replica.endpoint !== undefined) checkUrl(replica.endpoint, ["https:", "http:"], "The Litestream endpoint");
  const { s3Url, region, endpoint } = replica;
  return { url: s3Url, ...(region && { region }), ...(endpoint && { endpoint }) };
}

/**
 * The `litestream.yml` for one database. It holds no credentials: Litestream reads those from its environment.
 * Start Litestream with `-no-expand-env`, or a `$` in a path would be taken for a variable.
 * Throws UserError for an address that is no S3 address or carries credentials.
 */
export function renderLitestreamConfig(database: string, replica: LitestreamReplica): string {
  return stringify(
    {
      snapshot: { interval: "24h", retention: SNAPSHOTS_KEPT },
      dbs: [
        {
          path: database,
          "busy-timeout": "5s",
          replica: { ...replicaSettings(replica), "sync-interval": "1s" },
        },
      ],
    },
    { lineWidth: 0 },
  );
}

/** The commands, as argument lists, that replicate and that restore to a new file, at a moment (UTC) if one is given. */
export const litestreamCommands = {
  replicate: (config: string): string[] => ["litestream", "replicate", "-no-expand-env", "-config", config],
  restore: (config: string, database: string, to: string, at?: Date): string[] => [
    "litestream",
    "restore",
    "-no-expand-env",
    "-config",
    config,
    "-integrity-check",
    "full",
    ...(at === undefined ? [] : ["-timestamp", at.toISOString()]),
    "-o",
    to,
    database,
  ],
};
