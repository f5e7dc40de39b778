import { type Cloud, type InvokeModel, text, type Values } from "../model";

/** Letters of the zones that an ordinary account sees; three where nothing else is known. */
const ZONE_LETTERS: Readonly<Record<string, string>> = {
  "ap-northeast-1": "acd",
  "ca-central-1": "abd",
  "us-east-1": "abcdef",
  "us-west-1": "ac",
  "us-west-2": "abcd",
};

/** `use1-az1`: the region without its hyphens and long words, then the zone's number. */
const zoneId = (region: string, index: number): string => {
  const [area = "", direction = "", number = ""] = region.split("-");
  const short = direction.replace(/(north|south|east|west|central)/g, (word) => word.charAt(0));
  return `${area}${short}${number}-az${index + 1}`;
};

const zones = (args: Values, cloud: Cloud): Values => {
  const region = text(args.region) || cloud.region;
  const left: readonly unknown[] = Array.isArray(args.excludeZoneIds) ? args.excludeZoneIds : [];
  const zonesOf = [...(ZONE_LETTERS[region] ?? "abc")]
    .map((letter, index) => ({ name: `${region}${letter}`, id: zoneId(region, index) }))
    .filter(({ id }) => !left.includes(id));
  return {
    ...args,
    id: region,
    region,
    names: zonesOf.map(({ name }) => name),
    zoneIds: zonesOf.map(({ id }) => id),
    groupNames: [region],
  };
};

/** A VPC that the rehearsal made, or one that is taken to be there because the settings adopt it. */
const vpc = (args: Values, cloud: Cloud): Values => {
  const id = text(args.id);
  const made = cloud.find("aws:ec2/vpc:Vpc", id)?.values;
  return {
    ...args,
    arn: `arn:aws:ec2:${cloud.region}:${cloud.account}:vpc/${id}`,
    cidrBlock: "10.0.0.0/16",
    default: false,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    id,
    instanceTenancy: "default",
    ownerId: cloud.account,
    region: cloud.region,
    state: "available",
    tags: {},
    ...made,
  };
};

/** Questions about the account and what is there already. */
export const accountInvokes: Readonly<Record<string, InvokeModel>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_args, { account }) => ({
    accountId: account,
    arn: `arn:aws:iam::${account}:user/rehearsal`,
    id: account,
    userId: "REHEARSAL",
  }),
  "aws:index/getPartition:getPartition": () => ({
    dnsSuffix: "amazonaws.com",
    id: "aws",
    partition: "aws",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": zones,
  "aws:ec2/getVpc:getVpc": vpc,
};
