import { type Answer, any, holds } from "../../checks/answer";
import { coversAction } from "../../reading/document";
import { type Path, readText, readTexts } from "../../reading/reader";
import type { ResourceView } from "../../reading/resource";
import type { StackResource, StackView } from "../../reading/stackView";
import type { Judgement } from "../../rule";

/** Database instances, as the rules about them look at them. */
export const INSTANCE = "aws:rds/instance:Instance";

/** A replica takes storage, key, subnets and backups from its source; RDS tells a primary's source as an empty text. */
export function isReplica({ props }: Pick<ResourceView, "props">): boolean {
  const source = readText(props, "replicateSourceDb");
  return source.state === "unknown" || (source.state === "known" && source.value !== "");
}

/** The judgements of a demand that a replica cannot or need not meet. */
export const ofPrimary = (instance: ResourceView, judgements: () => readonly Judgement[]): readonly Judgement[] =>
  isReplica(instance) ? [] : judgements();

export const primaries = (stack: StackView): readonly StackResource[] =>
  stack.ofType(INSTANCE).filter((instance) => !isReplica(instance));

/**
 * Whether an input of another resource names this instance: by reference, by its identifier, by its ARN or by a pattern of
 * ARNs. `path` leads to the names inside the input.
 */
export function names(from: StackResource, input: string, instance: StackResource, path: Path = [input]): Answer {
  const references = from.propertyDependencies[input] ?? [];
  if (references.includes(instance.urn)) return "yes";
  const { texts, complete } = readTexts(from.props, ...path);
  const byText = holds(readText(instance.props, "identifier"), (identifier) =>
    texts.some((text) => coversAction(text.replace(/^arn:.*:db:/, ""), identifier)),
  );
  // A value that is not known and comes from other resources is none of this instance.
  const open: Answer = complete || references.length > 0 ? "no" : "unknown";
  return any([texts.length === 0 ? "no" : byText, open]);
}

/** The replicas that have a primary for their source. */
export const replicasOf = (stack: StackView, primary: StackResource): readonly StackResource[] =>
  stack.ofType(INSTANCE).filter((one) => isReplica(one) && names(one, "replicateSourceDb", primary) === "yes");
