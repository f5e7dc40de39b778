import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import type { Severity } from "./alert";

/**
 * Categories of events of DB instances, by who is told (RDS User Guide, "Amazon RDS event categories and event messages").
 * Backup and creation are in none: they come every day and ask for nothing.
 */
export const EVENT_CATEGORIES: Readonly<Record<Severity, readonly string[]>> = {
  critical: ["availability", "failover", "failure", "low storage", "recovery"],
  warning: [
    "configuration change",
    "deletion",
    "maintenance",
    "notification",
    "read replica",
    "restoration",
    "security",
    "security patching",
  ],
};

export interface DatabaseEventsArgs {
  /** Identifiers; RDS refuses one that is not there yet. */
  readonly instances: readonly string[];
  readonly topics: Readonly<Record<Severity, pulumi.Input<string>>>;
  readonly region: string;
}

/** Subscribes each topic to its categories of events of these instances. */
export function databaseEvents(
  name: string,
  { instances, topics, region }: DatabaseEventsArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const severity of ["critical", "warning"] as const)
    new aws.rds.EventSubscription(
      `${name}-${severity}`,
      {
        name: physicalName("alarm", `database-${severity}`),
        snsTopic: topics[severity],
        sourceType: "db-instance",
        sourceIds: [...instances],
        eventCategories: [...EVENT_CATEGORIES[severity]],
        region,
      },
      opts,
    );
}
