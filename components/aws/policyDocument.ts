import { type Input, jsonStringify, type Output } from "@pulumi/pulumi";

/** One statement of an IAM policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, Input<string> | Input<string>[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: Input<string> | readonly Input<string>[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Input<string> | Input<string>[]>>>>;
}

/** An IAM policy of these statements, as JSON. */
export const policyDocument = (...statements: readonly Statement[]): Output<string> =>
  jsonStringify({ Version: "2012-10-17", Statement: statements });

/** The trust policy of a role that an AWS service takes on, for this account only where the service tells its source. */
export const trustOf = (service: string, condition?: Statement["Condition"]): Output<string> =>
  policyDocument({
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    ...(condition === undefined ? {} : { Condition: condition }),
  });
