import { nameOf } from "../../guard/urn";
import type { TierName } from "../../settings";
import { heading, print, printRows } from "../console";
import { printOutputs } from "../outputs";
import { type Changes, changeSummary, type Plan, type Planned } from "../plan";
import type { LongestChain } from "./made";

export interface Made {
  readonly stack: string;
  readonly tier: TierName;
  readonly changes: Changes;
  readonly resources: readonly Planned[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly chain: LongestChain;
  readonly orphans: number;
}

/** What a preview would make, part by part. */
export function printPlanned(stack: string, { planned, changes, nothingToDo }: Plan): void {
  printParts(planned);
  const next = nothingToDo ? "" : ` npx ladder rehearse ${stack} --up carries it out in the simulated clouds.`;
  print(`Rehearsal of ${stack}: ${changeSummary(changes)}.${next}`);
}

/** What is there after `up`. */
export function printMade({ stack, tier, changes, resources, outputs, chain, orphans }: Made): void {
  print();
  print(`${heading(`Stack ${stack} (tier ${tier}) was rehearsed`)}: ${changeSummary(changes)}.`);
  printParts(resources);
  print(heading("Outputs"));
  printOutputs(outputs);
  if (chain.seconds > 0)
    print(
      `In a real ${tier === "small-team" ? "cluster" : "account"} this would take about ${Math.ceil(chain.seconds / 60)} minutes: ${chain.urns
        .filter((urn) => !urn.includes("::pulumi:"))
        .map(nameOf)
        .join(" → ")}.`,
    );
  if (orphans > 0) print(`${orphans} resources are in the clouds and not in the state; run the same command again.`);
}

/** A row for each resource, under the component that it belongs to. */
function printParts(resources: readonly Planned[]): void {
  const parts = new Map<string, Planned[]>();
  for (const resource of resources) {
    if (resource.type.startsWith("pulumi:") || resource.type.startsWith("scaling-ladder:")) continue;
    const part = /scaling-ladder:(\w+):/.exec(resource.urn)?.[1] ?? "stack";
    parts.set(part, [...(parts.get(part) ?? []), resource]);
  }
  for (const [part, members] of parts) {
    print(`${heading(part)} (${members.length})`);
    printRows(members.map(({ type, urn }) => [nameOf(urn), type.replace(/\/\w+:/, ":")]));
  }
}
