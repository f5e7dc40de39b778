import type * as pulumi from "@pulumi/pulumi";
import { settled } from "../../rehearsal/mocks";

/** What a resource was made with, as its component asked for it: options are seen here only. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly opts: pulumi.CustomResourceOptions;
}

/** Component options that write down every resource of the component, and a way to wait until all of them are made. */
export function recording() {
  const recorded: Recorded[] = [];
  const record: pulumi.ResourceTransformation = ({ type, name, opts }) => {
    recorded.push({ type, name, opts });
    return undefined;
  };
  const find = (name: string): Recorded => {
    const found = recorded.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no ${name} among ${recorded.map((each) => each.name).join(", ")}`);
    return found;
  };
  return { opts: { transformations: [record] }, recorded, find, made: settled };
}
