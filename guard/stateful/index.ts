import { CACHE, DATABASE } from "./database";
import { BACKUP, FILES } from "./files";
import { NETWORK, PLATFORM, SECRETS } from "./ground";
import { KUBERNETES } from "./kubernetes";
import type { StatefulType } from "./type";

export type { Danger, Level, StatefulType } from "./type";

/** Every type that the guard knows to hold data, keys or the ground that they stand on. */
export const STATEFUL_TYPES: readonly StatefulType[] = [
  ...DATABASE,
  ...CACHE,
  ...FILES,
  ...BACKUP,
  ...NETWORK,
  ...SECRETS,
  ...PLATFORM,
  ...KUBERNETES,
];

const BY_TYPE = new Map(STATEFUL_TYPES.map((known) => [known.type, known]));

/** What is known of a type; undefined for one that can be made again at any time. */
export const statefulType = (type: string): StatefulType | undefined => BY_TYPE.get(type);

/** Stands for a type that nobody listed, of a resource that the program protects: somebody wanted it to stay. */
export const protectedType = (type: string): StatefulType => ({
  type,
  what: "protected resource",
  loss: "The program says that it must stay (protect).",
  instead: "Undo the change.",
});
