import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, resource } from "./cases";
import { caseOf } from "./oneCase";

const TAGS = { Project: "p", Stack: "s", Tier: "smb", ManagedBy: "pulumi" };
const provider = resource("pulumi:providers:aws", { region: "us-east-1", defaultTags: { tags: TAGS } }, "aws");
const withTags = (tags: Value | undefined) => having(provider, ["defaultTags"], tags);
const topic = (props: Value) => resource("aws:sns/topic:Topic", props, "topic");
const files = resource("scaling-ladder:files:S3Files", { region: "us-east-1", secondaryRegion: "us-west-2" }, "files");

const REGIONS: readonly Case[] = [
  caseOf("pass", "the provider's region", [provider, topic({ region: "us-east-1" })]),
  caseOf("pass", "the second region of the settings", [provider, files, topic({ region: "us-west-2" })]),
  caseOf("pass", "nothing names a region", topic({ region: "eu-west-1" })),
  caseOf("pass", "what is not of the cloud", [provider, resource("other:thing:Thing", { region: "eu-west-1" })]),
  {
    ...caseOf("fail", "another region", [provider, files, topic({ region: "eu-west-1" })], "violated"),
    says: ["topic is in a region"],
    hides: ["eu-west-1"],
  },
  caseOf("absent", "things of the whole account", [provider, topic({})]),
  caseOf("wrong type", "a region that is a number", [provider, topic({ region: 7 })], "violated"),
  caseOf("unknown", "a region", [provider, topic({ region: UNKNOWN })], "unverified"),
  caseOf("unknown", "the provider's region", [having(provider, ["region"], UNKNOWN), files], "unverified"),
  caseOf("secret", "a secret region", [provider, topic({ region: new Secret("eu-west-1") })], "violated"),
];

const TAGGED: readonly Case[] = [
  caseOf("pass", "default tags", provider),
  caseOf("pass", "default tags as JSON text", withTags(JSON.stringify({ tags: TAGS }))),
  caseOf("pass", "an unknown tag", withTags({ tags: { ...TAGS, Tier: UNKNOWN } })),
  caseOf("pass", "all tags of a resource", [provider, topic({ tagsAll: TAGS })]),
  caseOf("pass", "tags that are not known yet", [provider, topic({ tagsAll: UNKNOWN })]),
  ...Object.keys(TAGS).map((tag) => ({
    ...caseOf("fail", `no tag ${tag}`, withTags({ tags: { ...TAGS, [tag]: null } }), "violated"),
    says: [`aws lacks the tags ${tag}.`],
  })),
  caseOf("fail", "an empty tag", withTags({ tags: { ...TAGS, Stack: "" } }), "violated"),
  caseOf("fail", "JSON text without tags", withTags("{}"), "violated"),
  {
    ...caseOf("fail", "tags of a resource", [provider, topic({ tagsAll: { Project: "p" } })], "violated"),
    says: ["topic lacks the tags Stack, Tier, ManagedBy."],
  },
  caseOf("absent", "no default tags", withTags(undefined), "violated"),
  caseOf("wrong type", "default tags that are no JSON", withTags("{"), "violated"),
  caseOf("wrong type", "a tag that is a number", withTags({ tags: { ...TAGS, Stack: 7 } }), "violated"),
  caseOf("unknown", "default tags", withTags(UNKNOWN), "unverified"),
  caseOf("unknown", "the tags in them", withTags({ tags: UNKNOWN }), "unverified"),
  caseOf("secret", "secret default tags", withTags(new Secret(JSON.stringify({ tags: TAGS })))),
];

export const CASES: Cases = { "region-and-tags": [...REGIONS, ...TAGGED] };
