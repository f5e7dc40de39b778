import { physicalName } from "../aws/naming";

/** The tag that AWS shows as the name of what has none. A tag takes 256 characters, as nearly as a group's name. */
export const nameTag = (part: string): { readonly Name: string } => ({ Name: physicalName("nameTag", part) });
