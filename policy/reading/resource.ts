import type { Value } from "./value";

/** A resource as a rule sees it. For a resource rule `props` are its inputs; for a stack rule, outputs over inputs. */
export interface ResourceView {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: Value;
  /** The resource options that a rule may ask about. */
  readonly options: ResourceOptions;
}

export interface ResourceOptions {
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
}
