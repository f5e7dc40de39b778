import type { StackResource, StackView } from "../../reading/stackView";
import { type Targets, targetsOf } from "../stack/targets";

export const TOPIC = "aws:sns/topic:Topic";
export const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";

/** The topics that an input means, whether by their own ARN or by that of their policy, which waits for the policy. */
export function topicsOf(stack: StackView, resource: StackResource, property: string): Targets {
  const direct = targetsOf(stack, resource, property, TOPIC);
  const byPolicy = stack
    .referredBy(resource, TOPIC_POLICY, property)
    .flatMap((policy) => targetsOf(stack, policy, "arn", TOPIC).found);
  const found = [...new Set([...direct.found, ...byPolicy])];
  return found.length > 0 ? { found, rest: "none" } : direct;
}
