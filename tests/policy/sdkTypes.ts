import { join } from "node:path";
import { PROJECT } from "./pack/copy";

/** Where the SDK has the class of a type: `aws:rds/cluster:Cluster` is in aws/rds/cluster. */
export function classFile(type: string): string {
  const [provider = "", module = "", name = ""] = type.split(":");
  const folder =
    provider === "kubernetes" ? module.replace(/\.[^/]*/, "") : (module.split("/")[0] ?? "").replace(/^index$/, "");
  const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`;
  return join(PROJECT, "node_modules", "@pulumi", provider, folder, file);
}
