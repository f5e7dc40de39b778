import type { Lookup } from "./rule";
import type { SmbSettings } from "./schema";

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
