import { type Cloud, type Refusal, type ResourceModel, text, type Values } from "../model";
import { exactlyOne } from "./oneOf";

const ZONE = "aws:route53/zone:Zone";
const RECORD = "aws:route53/record:Record";

const ROUTING_POLICIES = [
  "cidrRoutingPolicy",
  "failoverRoutingPolicies",
  "geolocationRoutingPolicies",
  "geoproximityRoutingPolicy",
  "latencyRoutingPolicies",
  "multivalueAnswerRoutingPolicy",
  "weightedRoutingPolicies",
];

/** Types of records that Route 53 has (API reference, ResourceRecordSet). */
const RECORD_TYPES = "A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT".split(" ");

const vpcIdsOf = (values: Values): string[] =>
  Array.isArray(values.vpcs) ? values.vpcs.map((vpc: unknown) => text((vpc as Values | undefined)?.vpcId)) : [];

/** The full name, in lower case and without the last dot: a short one stands in its zone. */
function fullName(values: Values, cloud: Pick<Cloud, "find">): string {
  const zone = text(cloud.find(ZONE, text(values.zoneId))?.values.name);
  const name = text(values.name).toLowerCase().replace(/\.$/, "");
  return zone === "" || name === zone || name.endsWith(`.${zone}`) ? name : `${name}.${zone}`.replace(/^\./, "");
}

/** What tells records of one name and type apart. */
const keyOf = (values: Values, cloud: Cloud): string =>
  [text(values.zoneId), fullName(values, cloud), text(values.type), text(values.setIdentifier)].join("_");

/** Records of the same name in the same zone, without the record itself. */
const namesakes = (inputs: Values, cloud: Cloud): Values[] =>
  cloud
    .all(RECORD)
    .map(({ values }) => values)
    .filter(
      (values) =>
        values.zoneId === inputs.zoneId &&
        fullName(values, cloud) === fullName(inputs, cloud) &&
        keyOf(values, cloud) !== keyOf(inputs, cloud),
    );

function misrouted(inputs: Values): Refusal[] {
  const policies = ROUTING_POLICIES.filter((name) => inputs[name] !== undefined);
  if (policies.length > 1)
    return [{ property: policies[1] ?? "", reason: `conflicts with ${policies[0]}: a record has one routing policy` }];
  if ((policies.length === 1) === (inputs.setIdentifier !== undefined)) return [];
  return [
    {
      property: "setIdentifier",
      reason: "InvalidInput: a set identifier and a routing policy need each other",
    },
  ];
}

/** A simple record and a weighted one of the same name and type cannot stand beside each other. */
function mixed(inputs: Values, cloud: Cloud): Refusal[] {
  const simple = inputs.setIdentifier === undefined;
  const other = namesakes(inputs, cloud).find(
    ({ type, setIdentifier }) => type === inputs.type && (setIdentifier === undefined) !== simple,
  );
  if (other === undefined) return [];
  return [
    {
      property: "setIdentifier",
      reason: `InvalidChangeBatch: RRSet of type ${text(inputs.type)} with DNS name ${fullName(inputs, cloud)}. is not permitted because one with another routing policy exists`,
    },
  ];
}

/** A CNAME stands alone under its name, and never at the top of its zone. */
function crowded(inputs: Values, cloud: Cloud): Refusal[] {
  const name = fullName(inputs, cloud);
  const isTop = inputs.type === "CNAME" && name === text(cloud.find(ZONE, text(inputs.zoneId))?.values.name);
  const other = namesakes(inputs, cloud).find(
    ({ type }) => type !== inputs.type && (type === "CNAME" || inputs.type === "CNAME"),
  );
  if (name === "" || (!isTop && other === undefined)) return [];
  const why = isTop
    ? `is not permitted at apex in zone ${name}.`
    : `is not permitted as it conflicts with other records with the same DNS name`;
  return [
    {
      property: "name",
      reason: `InvalidChangeBatch: RRSet of type ${text(inputs.type)} with DNS name ${name}. ${why}`,
    },
  ];
}

/** What is wrong with the record by itself. */
function malformed(inputs: Values, cloud: Cloud): Refusal[] {
  const [type, name] = [text(inputs.type), text(inputs.name)];
  const zone = text(cloud.find(ZONE, text(inputs.zoneId))?.values.name);
  const rules: readonly [boolean, string, string][] = [
    [type !== "" && !RECORD_TYPES.includes(type), "type", `${type} is none of ${RECORD_TYPES.join(", ")}`],
    [
      type === "CNAME" && Array.isArray(inputs.records) && inputs.records.length > 1,
      "records",
      "InvalidChangeBatch: a CNAME has one value",
    ],
    [inputs.records !== undefined && inputs.ttl === undefined, "ttl", "is required with records"],
    [
      zone !== "" && name.endsWith(".") && !name.endsWith(`${zone}.`),
      "name",
      `InvalidChangeBatch: ${name} is not in zone ${zone}.`,
    ],
  ];
  return rules.filter(([wrong]) => wrong).map(([, property, reason]) => ({ property, reason }));
}

/** Route 53. A change counts as done when all its servers have it, half a minute as a rule (at most about one). */
export const route53: readonly ResourceModel[] = [
  {
    type: ZONE,
    replaces: ["name", "delegationSetId"],
    source: "hashicorp/terraform-provider-aws internal/service/route53/zone.go",
    published: {
      type: "AWS::Route53::HostedZone",
      names: { comment: false, forceDestroy: false, enableAcceleratedRecovery: false },
    },
    references: { "vpcs.vpcId": { types: ["aws:ec2/vpc:Vpc"] } },
    seconds: { create: 35, update: 35, delete: 1 },
    // One VPC cannot have two private zones of one name; public zones may share theirs.
    unique: (inputs) => {
      const ids = vpcIdsOf(inputs).filter((id) => id !== "");
      return ids.length === 0 ? undefined : `${text(inputs.name)} ${ids.sort().join(" ")}`;
    },
    check: (inputs) =>
      inputs.vpcs !== undefined && inputs.delegationSetId !== undefined
        ? [{ property: "vpcs", reason: "conflicts with delegationSetId" }]
        : [],
    id: (_inputs, { hex }) => `Z${hex(20).toUpperCase()}`,
    outputs: (inputs, { arn, hex, region }) => {
      const id = `Z${hex(20).toUpperCase()}`;
      const nameServers = [
        "ns-0.awsdns-00.com",
        "ns-1024.awsdns-00.org",
        "ns-1536.awsdns-00.co.uk",
        "ns-512.awsdns-00.net",
      ];
      return {
        arn: arn("route53", `hostedzone/${id}`, "bare"),
        zoneId: id,
        nameServers,
        primaryNameServer: nameServers[0],
        comment: inputs.comment ?? "Managed by Pulumi",
        vpcs: (Array.isArray(inputs.vpcs) ? inputs.vpcs : []).map((vpc: Values) => ({ vpcRegion: region, ...vpc })),
      };
    },
    refuseDelete: ({ id, values }, cloud) =>
      values.forceDestroy !== true && cloud.all(RECORD).some((record) => record.values.zoneId === id)
        ? "HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets and so cannot be deleted."
        : undefined,
  },
  {
    type: RECORD,
    replaces: ["name", "zoneId"],
    source: "hashicorp/terraform-provider-aws internal/service/route53/record.go",
    published: {
      type: "AWS::Route53::RecordSet",
      names: {
        aliases: false,
        allowOverwrite: false,
        records: "ResourceRecords",
        ttl: false,
        zoneId: "HostedZoneId",
        ...Object.fromEntries(ROUTING_POLICIES.map((name) => [name, false] as const)),
      },
    },
    references: { zoneId: { types: [ZONE] } },
    seconds: { create: 35, update: 35, delete: 35 },
    unique: (inputs, cloud) => (text(inputs.zoneId) && text(inputs.name) ? keyOf(inputs, cloud) : undefined),
    check: (inputs, cloud) => [
      ...exactlyOne(inputs, ["records", "aliases"]),
      ...misrouted(inputs),
      ...mixed(inputs, cloud),
      ...crowded(inputs, cloud),
      ...malformed(inputs, cloud),
    ],
    id: (inputs) =>
      [inputs.zoneId, inputs.name, inputs.type, inputs.setIdentifier].filter((part) => part !== undefined).join("_"),
    outputs: (inputs, cloud) => ({ fqdn: fullName(inputs, cloud) }),
  },
];
