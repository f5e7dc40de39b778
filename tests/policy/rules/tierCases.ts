import { Secret, UNKNOWN } from "../../../policy/reading/value";
import { app, type Case, type Cases } from "./cases";

const at = (tier: string, users: number) => [app({ tier, users, replicas: 1 })];

const TIER_FITS_USERS: readonly Case[] = [
  { kind: "pass", title: "200 users on development", resources: at("development", 200), verdicts: [] },
  {
    kind: "pass",
    title: "10,000 users, the last that SQLite carries",
    resources: at("small-team", 10_000),
    verdicts: [],
  },
  { kind: "pass", title: "any number on a tier without a hard limit", resources: at("smb", 900_000), verdicts: [] },
  {
    kind: "fail",
    title: "S1-22: 20,000 users on development, naming smb",
    resources: at("development", 20_000),
    verdicts: ["violated"],
    says: ["20000", "10000", "smb"],
  },
  {
    kind: "fail",
    title: "S1-71: 10,001 users on small-team, naming smb",
    resources: at("small-team", 10_001),
    verdicts: ["violated"],
    says: ["smb"],
  },
  {
    kind: "fail",
    title: "3 million users on development, naming sharded",
    resources: at("development", 3_000_000),
    verdicts: ["violated"],
    says: ["sharded"],
  },
  {
    kind: "fail",
    title: "a tier that is not on the ladder",
    resources: at("huge", 5),
    verdicts: ["violated"],
    says: ["development, small-team, smb"],
  },
  {
    kind: "unknown",
    title: "users that are not known yet",
    resources: [app({ tier: "development", users: UNKNOWN })],
    verdicts: ["unverified"],
    says: ["`users`"],
  },
  {
    kind: "unknown",
    title: "all properties not known yet",
    resources: [app(UNKNOWN)],
    verdicts: ["unverified"],
    says: ["`tier` and `users`"],
  },
  {
    kind: "wrong type",
    title: "users as a text",
    resources: [app({ tier: "development", users: "200" })],
    verdicts: ["violated"],
  },
  {
    kind: "wrong type",
    title: "a negative number of users",
    resources: at("development", -1),
    verdicts: ["violated"],
  },
  { kind: "wrong type", title: "half a user", resources: at("smb", 1000.5), verdicts: ["violated"] },
  { kind: "wrong type", title: "a tier as a number", resources: [app({ tier: 1, users: 5 })], verdicts: ["violated"] },
  { kind: "absent", title: "no users", resources: [app({ tier: "development" })], verdicts: ["violated"] },
  {
    kind: "absent",
    title: "no tier",
    resources: [app({ users: 5 })],
    verdicts: ["violated"],
    says: ["must name the tier"],
  },
  {
    kind: "secret",
    title: "users marked secret are judged, and not told",
    resources: [app({ tier: "development", users: new Secret(23_456) })],
    verdicts: ["violated"],
    says: ["10000", "smb"],
    hides: ["23456"],
  },
];

const TIER_USERS_ADVISORY: readonly Case[] = [
  { kind: "pass", title: "1,000 users on SQLite", resources: at("development", 1_000), verdicts: [] },
  { kind: "pass", title: "what the mandatory rule refuses", resources: at("development", 20_000), verdicts: [] },
  { kind: "pass", title: "the last user of smb", resources: at("smb", 99_999), verdicts: [] },
  { kind: "pass", title: "global has no end", resources: at("global", 900_000_000), verdicts: [] },
  {
    kind: "fail",
    title: "S0-37: 1,001 users on SQLite, naming smb",
    resources: at("development", 1_001),
    verdicts: ["violated"],
    says: ["smb"],
  },
  {
    kind: "fail",
    title: "S0-38: 100,000 users on smb, naming enterprise",
    resources: at("smb", 100_000),
    verdicts: ["violated"],
    says: ["enterprise"],
  },
  {
    kind: "unknown",
    title: "left to the mandatory rule",
    resources: [app({ tier: "development", users: UNKNOWN })],
    verdicts: [],
  },
  { kind: "wrong type", title: "left to the mandatory rule", resources: [app({ tier: 1, users: [] })], verdicts: [] },
  { kind: "absent", title: "left to the mandatory rule", resources: [app({})], verdicts: [] },
  {
    kind: "secret",
    title: "a secret number is judged, and not told",
    resources: [app(new Secret({ tier: "enterprise", users: 1_234_567 }))],
    verdicts: ["violated"],
    says: ["sharded"],
    hides: ["1234567"],
  },
];

export const CASES: Cases = { "tier-fits-users": TIER_FITS_USERS, "tier-users-advisory": TIER_USERS_ADVISORY };
