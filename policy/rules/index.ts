import type { Rule } from "../rule";
import { outputsNoCredentials } from "./outputs";
import { singleNodeStorageSingleReplica } from "./replicas";
import { tierFitsUsers, tierUsersAdvisory } from "./tier";

/** Every rule of the pack, in the order in which findings and docs list them. */
export const RULES: readonly Rule[] = [
  tierFitsUsers,
  tierUsersAdvisory,
  singleNodeStorageSingleReplica,
  outputsNoCredentials,
];
