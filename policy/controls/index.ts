import { checkovAws } from "./checkovAws";
import { checkovKubernetes } from "./checkovKubernetes";
import { cisAws, cisKubernetes } from "./cis";
import type { Catalogue } from "./control";
import { beyondFoundational, foundational } from "./securityHub";

/** Every standard that docs/policies.md answers to, in its order. */
export const CATALOGUES: readonly Catalogue[] = [
  foundational,
  beyondFoundational,
  cisAws,
  cisKubernetes,
  checkovAws,
  checkovKubernetes,
];
