import * as postgresql from "@pulumi/postgresql";
import { LogicalDatabase, type LogicalDatabaseArgs } from "../../../components/schema/logicalDatabase";
import { type Rehearsed, rehearsedMocks } from "../../../rehearsal/mocks";
import type { CatalogueName } from "../../../settings";
import { recording } from "../../support/recording";

/** A logical database, made through the provider of a server, in simulated clouds. */
export async function makeLogicalDatabase(catalogue: CatalogueName, more: Partial<LogicalDatabaseArgs> = {}) {
  const cloud = rehearsedMocks();
  const records = recording();
  const provider = new postgresql.Provider("server", { host: "database.example.com", superuser: false });
  const logical = new LogicalDatabase(
    catalogue,
    { catalogue, host: "database.example.com", deletionProtection: true, ...more },
    { ...records.opts, provider },
  );
  await records.made();
  const resources: Rehearsed[] = cloud.made.filter(({ type }) => type.startsWith("postgresql:index/"));
  return { logical, resources, ...records, ...cloud };
}
