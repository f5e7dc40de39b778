import type { ProviderModel, Values } from "./model";
import { shapeOf } from "./sdk";
import { isObject } from "./values";

/** What a provider was configured with. */
export interface ProviderConfig {
  readonly region: string;
  /** Tags that every resource gets which can have tags. */
  readonly defaultTags: Readonly<Record<string, unknown>>;
}

/** The region of a resource: its own, or the provider's. */
export const regionOf = (inputs: Values, { region }: ProviderConfig): string =>
  typeof inputs.region === "string" ? inputs.region : region;

/** True for a type that lies in a region of its own choice. */
export const isRegional = ({ name }: ProviderModel, type: string): boolean =>
  name === "aws" && shapeOf(type)?.inputs.has("region") === true;

const isTagged = (type: string): boolean => shapeOf(type)?.outputs.has("tagsAll") === true;

/** The tags of a resource together with the provider's; nothing where a type has no tags. */
export const tagsOf = (type: string, inputs: Values, { defaultTags }: ProviderConfig): Values =>
  isTagged(type) ? { tagsAll: { ...defaultTags, ...(isObject(inputs.tags) ? inputs.tags : {}) } } : {};

/** The outputs that the provider gives every resource: where it lies, and all its tags. */
export const placed = (provider: ProviderModel, type: string, inputs: Values, config: ProviderConfig): Values => ({
  ...(isRegional(provider, type) ? { region: regionOf(inputs, config) } : {}),
  ...tagsOf(type, inputs, config),
});
