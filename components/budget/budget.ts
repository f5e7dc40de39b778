import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { type Transform, transformed } from "../transform";

export interface BudgetArgs {
  /** Budget of a month in US dollars; the stack passes the upper end of its tier's band by default (C-04). Changed in place. */
  readonly monthlyUsd: number;
  /** Topic that is told; its policy and its key must let AWS Budgets publish (AlertTopics). */
  readonly topicArn: pulumi.Input<string>;
  /**
   * Count only what carries this tag. The tag must be activated for cost allocation in the account's billing settings first: until
   * then nothing is counted at all. Default: the whole account.
   */
  readonly onlyTagged?: { readonly key: string; readonly value: string };
  readonly transform?: { readonly budget?: Transform<aws.budgets.BudgetArgs> };
}

/** Percent of the budget at which somebody is told. */
const STEPS = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
] as const;

/** Tells when a month's cost passes its budget, or will. Advice only: it never stops anything (C-04). Free of charge (AWS Budgets pricing). */
export class Budget extends pulumi.ComponentResource {
  readonly budgetName: string;

  constructor(name: string, args: BudgetArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:budget:Budget", name, { monthlyUsd: args.monthlyUsd }, opts);

    // At most 100 characters, as a cluster's.
    this.budgetName = physicalName("eksCluster", "monthly");
    const defaults: aws.budgets.BudgetArgs = {
      name: this.budgetName,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(args.monthlyUsd),
      limitUnit: "USD",
      notifications: STEPS.map((step) => ({
        ...step,
        thresholdType: "PERCENTAGE",
        comparisonOperator: "GREATER_THAN",
        subscriberSnsTopicArns: [args.topicArn],
      })),
      ...(args.onlyTagged === undefined
        ? {}
        : {
            costFilters: [{ name: "TagKeyValue", values: [`user:${args.onlyTagged.key}$${args.onlyTagged.value}`] }],
          }),
    };
    new aws.budgets.Budget(`${name}-budget`, transformed(defaults, args.transform?.budget), { parent: this });
    this.registerOutputs({ budgetName: this.budgetName });
  }
}
