import { createHash } from "node:crypto";
import { getStack } from "@pulumi/pulumi";

/** Longest physical name that AWS takes, by kind of resource, in characters; the API reference of each service says so. */
export const NAME_LIMITS = {
  alarm: 255,
  backupVault: 50,
  bucket: 63,
  cacheCluster: 40,
  cacheUser: 40,
  dashboard: 255,
  dbInstance: 63,
  dbProxy: 60,
  eksCluster: 100,
  iamRole: 64,
  iamUser: 64,
  keyAlias: 250,
  lambda: 64,
  logGroup: 512,
  nameTag: 256,
  parameterGroup: 255,
  secret: 512,
  securityGroup: 255,
  snapshot: 255,
  subnetGroup: 255,
  topic: 256,
} as const;

export type NameKind = keyof typeof NAME_LIMITS;

/** The first word of every physical name: the platform's own, as the documents write it (S1-10, C-27). */
const PLATFORM = "aibase";

/**
 * The physical name of a part of this stack: `aibase-<stack>-<part>`, in lower case. One that is too long keeps its beginning
 * and ends in a hash of the whole, so that two parts never share a name. A name that changes replaces its resource.
 */
export const physicalName = (kind: NameKind, part: string): string => nameOf(kind, getStack(), part);

/** As `physicalName`, for any stack. */
export function nameOf(kind: NameKind, stack: string, part: string): string {
  return shorten(plain(`${PLATFORM}-${stack}-${part}`), NAME_LIMITS[kind]);
}

/** Lower-case letters, digits and single hyphens: what every service takes. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");

/** At most `limit` characters; a longer text ends in seven hexadecimal digits of its hash. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 7);
  return `${text.slice(0, limit - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
