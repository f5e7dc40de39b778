/** The name under which the engine reports on this pack. */
export const PACK_NAME = "scaling-ladder";

/** The policy that only tells which rules were asked, for commands of the engine that do not tell. Disabled unless configured. */
export const ACCOUNT = "account";
