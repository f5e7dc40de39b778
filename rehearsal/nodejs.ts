import { byType, type ProviderModel, type ResourceModel, text, type Values } from "./model";

/** What a stack has on this machine while it is promoted. A rehearsal touches nothing there: all is taken to be as it should be. */
const onThisMachine = (type: string, source: string, outputs: Values): ResourceModel => ({
  type: `pulumi-nodejs:dynamic/local:${type}`,
  replaces: ["path"],
  source,
  id: ({ path }) => text(path),
  outputs: () => outputs,
});

/**
 * What happens on this machine for stacks in a cloud (`local/`): a rehearsal must not reach for a database that is not there, so
 * migrations are taken to be applied.
 */
export const nodejs: ProviderModel = {
  name: "pulumi-nodejs",
  version: "3.270.0",
  resources: byType([
    {
      type: "pulumi-nodejs:dynamic/local:Migrations",
      replaces: [],
      source: "local/postgres/provider.ts",
      seconds: { create: 1 },
      check: ({ port }) =>
        typeof port === "number" && (port < 1 || port > 65_535)
          ? [{ property: "port", reason: "must be 1 to 65535" }]
          : [],
      id: ({ host, port, database }) => `${text(host)}:${String(port)}/${text(database)}`,
      outputs: () => ({}),
      secretOutputs: ["password", "scheduler"],
    },
    onThisMachine("SqliteFile", "local/sqlite/provider.ts", { journalMode: "wal", mode: "0600" }),
    onThisMachine("Folder", "local/folder/provider.ts", { mode: "0700" }),
    onThisMachine("EnvFile", "local/dotenv/provider.ts", { block: "as written", mode: "0600" }),
  ]),
  invokes: new Map(),
};
