import { UserError } from "../settings";
import { type Approval, OPERATIONS } from "./finding";
import { urnParts } from "./urn";

/**
 * Reads an approval such as `replace:urn:pulumi:prod::…`: one operation on one resource, without wildcards.
 * @throws UserError when it is none.
 */
export function parseApproval(text: string): Approval {
  const colon = text.indexOf(":");
  const operation = OPERATIONS.find((known) => known === text.slice(0, colon));
  const urn = text.slice(colon + 1);
  if (operation === undefined || urnParts(urn) === undefined)
    throw new UserError(
      `${JSON.stringify(text)} is no approval. It names an operation (${OPERATIONS.join(", ")}) and the whole URN of one resource, such as replace:urn:pulumi:prod::… as the check prints it.`,
    );
  return { operation, urn };
}
