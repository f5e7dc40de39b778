import type { Captured, JsonObject } from "../../../crosscheck/captured";

/** A resource of a made-up stack. */
export const captured = (
  type: string,
  name: string,
  inputs: JsonObject,
  rest: Partial<Pick<Captured, "id" | "outputs" | "references">> = {},
): Captured => ({
  urn: `urn:pulumi:one::scaling-ladder::${type}::${name}`,
  type,
  id: "",
  inputs,
  outputs: {},
  references: {},
  options: { protect: false, ignoreChanges: [] },
  ...rest,
});
