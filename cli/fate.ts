import type { Settings } from "../settings";
import { isSelfHosted, lookup } from "../settings/hosting";

/** What taking a stack down does to its data, in words. */
export interface Fate {
  /** One or two sentences, before it is asked whether to go on. */
  readonly warning: string;
  /** Names what stays, and where: it goes on costing money, and can be restored from. */
  readonly stays: readonly string[];
}

/** What becomes of the data of a stack that is taken down. */
export function fateOf(settings: Settings): Fate {
  switch (settings.tier) {
    case "development":
      return { warning: "Databases, files and backups on this machine stay.", stays: [] };
    case "small-team":
      return inCluster(settings.backup.store.bucket);
    case "smb":
      if (settings.database.host === "external") return elsewhere(settings.backup.store?.bucket);
      return isSelfHosted(lookup(settings)) ? inCluster(settings.backup.store?.bucket) : inAws;
    default:
      return inAws;
  }
}

const inAws: Fate = {
  warning: "Its database, cache and cluster are deleted; a final snapshot and its backups stay.",
  stays: [
    "the final snapshot of the primary and its retained automated backups, with their key",
    "recovery points in a vault, and dumps under object lock, until their retention ends",
  ],
};

const backupsIn = (bucket: string | undefined): string[] =>
  bucket === undefined ? [] : [`the backups in bucket ${bucket}, which is not of this stack`];

/** A namespace takes the claims in it along, and most classes of storage delete the volume with its claim. */
const inCluster = (bucket: string | undefined): Fate => ({
  warning: `Its database, files and cache are deleted with their volumes; ${bucket === undefined ? "nothing of them stays" : "the backups outside of the cluster stay"}.`,
  stays: backupsIn(bucket),
});

const elsewhere = (bucket: string | undefined): Fate => ({
  warning: "Its cache and its application are deleted; the database, which is elsewhere, stays.",
  stays: ["the database under database.url", ...backupsIn(bucket)],
});
