import type { Lookup } from "./rule";
import type { SmallTeamSettings, SmbSettings } from "./schema";

/** Which parts of a stack of tier smb stand in AWS and which in the cluster. Asked of raw and of parsed settings alike. */

export type FilesHost = "aws" | "minio" | "external";

const HOSTS: readonly FilesHost[] = ["aws", "minio", "external"];

/** True where PostgreSQL is not RDS: then the cache is in the cluster as well. */
export const isSelfHosted = (get: Lookup): boolean => (get("database.host") ?? "aws") !== "aws";

export function filesHost(get: Lookup): FilesHost {
  const chosen = HOSTS.find((host) => host === get("files.host"));
  if (chosen !== undefined) return chosen;
  if (get("files.endpoint") !== undefined) return "external";
  return isSelfHosted(get) ? "minio" : "aws";
}

/** True where anything of the stack stands in AWS. */
export const usesAws = (get: Lookup): boolean =>
  !isSelfHosted(get) || get("cluster.mode") === "create" || filesHost(get) === "aws";

/** A question about settings that were parsed already. */
export const lookup =
  (settings: SmbSettings): Lookup =>
  (key) =>
    key
      .split(".")
      .reduce<unknown>(
        (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
        settings,
      );

export interface OperatorModes {
  readonly cloudNativePg: "existing" | "install";
  readonly certManager: "existing" | "install";
  readonly prometheus: "existing" | "install" | "none";
}

/** How a stack comes by each operator: a cluster that is made for it has none yet, and RDS is watched by CloudWatch. */
export function operatorModes(settings: SmallTeamSettings | SmbSettings): OperatorModes {
  if (settings.tier === "small-team")
    return {
      cloudNativePg: "existing",
      certManager: "existing",
      prometheus: settings.operators.prometheus ?? "existing",
    };
  const { operators, cluster, database } = settings;
  const usual = cluster.mode === "create" ? "install" : "existing";
  // Nothing else of the stack needs these two.
  const cloudNativePg = database.host === "kubernetes" ? (operators.cloudNativePg ?? usual) : "existing";
  return {
    cloudNativePg,
    certManager: operators.certManager ?? cloudNativePg,
    prometheus: operators.prometheus ?? (database.host === "aws" ? "none" : usual),
  };
}
