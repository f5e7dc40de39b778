import { Secret, UNKNOWN } from "../../../policy/reading/value";
import { TIERS } from "../../../settings/tiers";
import { app, type Case, type Cases, resource } from "./cases";
import { one } from "./oneCase";

const TYPES = {
  sqlite: "database:SqliteDatabase",
  postgresql: "database:RdsDatabase",
  local: "files:LocalFiles",
  s3: "files:S3Files",
  memory: "cache:MemoryCache",
  redis: "cache:RedisCache",
} as const;
const component = (kind: keyof typeof TYPES) => resource(`scaling-ladder:${TYPES[kind]}`, {}, `our-${kind}`);
const smb = [app({ tier: "smb" }), component("postgresql"), component("s3"), component("redis")];

const PARTS: readonly Case[] = [
  ...TIERS.map(({ name, database, files, cache }) =>
    one("pass", `the parts of ${name}`, [app({ tier: name }), component(database), component(files), component(cache)]),
  ),
  one("pass", "what the parts are made of", [
    ...smb,
    resource("scaling-ladder:files:S3Bucket", {}),
    resource("toString", {}),
  ]),
  one("pass", "no application", [component("sqlite"), component("s3")]),
  one("pass", "a tier that is none is the affair of tier-fits-users", [app({ tier: "huge" }), component("sqlite")]),
  one("pass", "a stack on its way up, with an application and the parts of two tiers", [
    app({ tier: "development" }),
    component("sqlite"),
    component("local"),
    component("memory"),
    ...smb,
  ]),
  one(
    "fail",
    "a part of neither of two tiers",
    [app({ tier: "development" }), app({ tier: "small-team" }), component("postgresql")],
    ["violated", "violated"],
  ),
  one("fail", "S1-89: SQLite under the name of smb", [app({ tier: "smb" }), component("sqlite")], ["violated"], {
    says: ["our-sqlite is sqlite", "the database of tier `smb` is postgresql"],
  }),
  one("fail", "S1-87: S3 on development", [app({ tier: "development" }), component("s3")], ["violated"], {
    says: ["our-s3 is s3", "the files of tier `development` is local"],
  }),
  one("fail", "S1-88: a memory cache on small-team", [app({ tier: "small-team" }), component("memory")], ["violated"], {
    says: ["our-memory is memory", "the cache of tier `small-team` is redis"],
  }),
  one(
    "fail",
    "three wrong parts",
    [app({ tier: "global" }), component("sqlite"), component("local"), component("memory")],
    ["violated", "violated", "violated"],
  ),
  one("absent", "no tier is the affair of tier-fits-users", [app({}), component("sqlite")]),
  one("unknown", "the tier", [app({ tier: UNKNOWN }), component("sqlite")], ["unverified"], {
    says: ["The tier of the stack"],
  }),
  one("unknown", "the tier of a stack without parts", [app({ tier: UNKNOWN })]),
  one("wrong type", "a tier that is no text", [app({ tier: 3 }), component("sqlite")]),
  one("secret", "a tier that is marked secret", [app({ tier: new Secret("smb") }), component("sqlite")], ["violated"]),
];

export const CASES: Cases = { "tier-parts-match": PARTS };
