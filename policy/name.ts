/** The name under which the engine reports on this pack. */
export const PACK_NAME = "scaling-ladder";
