import { type Answer, any, holds, judged, yesIf } from "../../checks/answer";
import { type Judgements, violated } from "../../checks/property";
import { read, readFlag, readList, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { ALWAYS, ONLY_FROM_ENTERPRISE, type Rule, type StackRule } from "../../rule";
import { pointingTo, targetsOf } from "../stack/targets";
import { primaries, replicasOf } from "./rdsInstances";

const hasReplica: StackRule = {
  scope: "stack",
  name: "rds-has-replica",
  description: "Every primary has its read replicas, one of them or more in another zone.",
  why: "Reports and dashboards must not slow down the writer; replicas in one zone with it are lost together with it.",
  remedy: "Raise `database.replicas`, and give the replicas zones of their own.",
  ids: ["S3-25", "S4-14", "C-34"],
  levels: ONLY_FROM_ENTERPRISE,
  limits: ["readReplicas"],
  check: (stack, { readReplicas }) =>
    primaries(stack).flatMap((primary) => judgeReplicas(stack, primary, readReplicas)),
};

function judgeReplicas(stack: StackView, primary: StackResource, least: number): Judgements {
  const { urn, name } = primary;
  const replicas = replicasOf(stack, primary);
  if (replicas.length < least)
    return violated(`${name} has ${replicas.length} read replicas; it must have ${least} or more.`, urn);
  if (replicas.length === 0) return [];
  return judged(
    any(replicas.map((replica) => inOtherZone(replica, primary))),
    urn,
    `${name} and all its replicas stand in one zone.`,
    `The zones of ${name} and its replicas are`,
  );
}

/** AWS always gives an instance a zone: one that is left out is not known, but not absent. */
function inOtherZone(replica: StackResource, primary: StackResource): Answer {
  const zones = [replica, primary].map(({ props }) => readText(props, "availabilityZone"));
  const [one, other] = zones.flatMap((zone) => (zone.state === "known" ? [zone.value] : []));
  return one === undefined || other === undefined ? "unknown" : yesIf(one !== other);
}

const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";
const SUBNET = "aws:ec2/subnet:Subnet";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";

const privateRoute: StackRule = {
  scope: "stack",
  name: "rds-private-route",
  description: "No subnet of a database has a route to the internet.",
  why: "A subnet with a way to an internet gateway is public; one open security group then shows the database to everybody.",
  remedy: "Put subnets into the subnet group whose route tables lead to no internet gateway.",
  ids: ["RDS.46", "CIS-AWS 3.2.3"],
  levels: ALWAYS,
  check: (stack) => primaries(stack).flatMap((instance) => judgeRoutes(stack, instance)),
};

function judgeRoutes(stack: StackView, instance: StackResource): Judgements {
  const groups = targetsOf(stack, instance, "dbSubnetGroupName", SUBNET_GROUP);
  const subnets = groups.found.map((group) => targetsOf(stack, group, "subnetIds", SUBNET));
  const answers = subnets.flatMap(({ found }) => found.map((subnet) => leadsOut(stack, subnet)));
  // Subnets that were there before: their routes are not of this stack.
  const unseen = [groups, ...subnets].some(({ rest }) => rest !== "none");
  const out = any([...answers, unseen ? "unknown" : "no"]);
  return judged(
    out === "yes" ? "no" : out === "no" ? "yes" : "unknown",
    instance.urn,
    `A subnet of ${instance.name} has a route to an internet gateway.`,
    `Where the routes of the subnets of ${instance.name} lead is`,
  );
}

/** Whether a route table of a subnet leads to an internet gateway. Without a table, a subnet has that of its network. */
function leadsOut(stack: StackView, subnet: StackResource): Answer {
  const associations = pointingTo(stack, subnet, ASSOCIATION, "subnetId").found;
  return any(
    associations.flatMap((association) => {
      const { found, rest } = targetsOf(stack, association, "routeTableId", TABLE);
      const answers = found.flatMap((table) => [
        inlineRoutesLeadOut(stack, table),
        ...pointingTo(stack, table, ROUTE, "routeTableId").found.map((route) => routeLeadsOut(stack, route)),
      ]);
      return rest === "none" ? answers : [...answers, "unknown"];
    }),
  );
}

const isGateway = (id: string): boolean => id.startsWith("igw-");

const routeLeadsOut = (stack: StackView, route: StackResource): Answer =>
  any([
    yesIf(stack.referredBy(route, GATEWAY, "gatewayId").length > 0),
    holds(readText(route.props, "gatewayId"), isGateway),
  ]);

function inlineRoutesLeadOut(stack: StackView, table: StackResource): Answer {
  if (stack.referredBy(table, GATEWAY, "routes").length > 0) return "yes";
  const routes = readList(table.props, "routes");
  if (routes.state !== "known") return holds(routes, () => false);
  return any(routes.value.map((route) => holds(readText(route, "gatewayId"), isGateway)));
}

/** What makes a password, or keeps one that something else made. */
const SOURCES = ["random:index/randomPassword:RandomPassword", "aws:secretsmanager/secretVersion:SecretVersion"];
/** Names that everybody tries first. */
const USUAL_USERS = ["admin", "postgres"];

const masterSecret: StackRule = {
  scope: "stack",
  name: "rds-master-secret",
  description: "The master user has a name of its own and a password that was generated.",
  why: "A password that a person typed is in a shell's history, in a message or in the repository, and the same elsewhere.",
  remedy:
    "Take the password from `random.RandomPassword` or set `manageMasterUserPassword`; choose another `username`.",
  ids: ["RDS.25", "C-09", "S0-18", "S1-12"],
  levels: ALWAYS,
  check: (stack) =>
    primaries(stack).flatMap((instance) => {
      const { urn, name } = instance;
      return [
        ...judged(
          hasOwnUser(instance),
          urn,
          `\`username\` of ${name} must be set, and be neither ${USUAL_USERS.join(" nor ")}.`,
          `\`username\` of ${name} is`,
        ),
        ...judged(
          hasMadePassword(stack, instance),
          urn,
          `The password of ${name} does not come from a generated or managed secret.`,
          `Where the password of ${name} comes from is`,
        ),
      ];
    }),
};

/** An instance that was made from a copy has the user and the password of its origin. */
const isRestored = ({ props }: StackResource): boolean =>
  ["snapshotIdentifier", "restoreToPointInTime", "s3Import"].some((input) => read(props, input).state !== "absent");

function hasOwnUser(instance: StackResource): Answer {
  const user = readText(instance.props, "username");
  if (user.state === "absent") return yesIf(isRestored(instance));
  return holds(user, (text) => text !== "" && !USUAL_USERS.includes(text.toLowerCase()));
}

function hasMadePassword(stack: StackView, instance: StackResource): Answer {
  const inputs = ["password", "passwordWo"].filter((input) => read(instance.props, input).state !== "absent");
  const managed = holds(readFlag(instance.props, "manageMasterUserPassword"), (on) => on);
  if (inputs.length === 0) return any([managed, yesIf(isRestored(instance))]);
  return any([
    managed,
    ...inputs.map((input): Answer => {
      const made = SOURCES.some((type) => stack.referredBy(instance, type, input).length > 0);
      const references = instance.propertyDependencies[input] ?? [];
      const open = read(instance.props, input).state === "unknown" && references.length === 0;
      return made ? "yes" : open ? "unknown" : "no";
    }),
  ]);
}

/** What is asked of where databases stand, and of who may log in first. */
export const rdsPlacementRules: readonly Rule[] = [hasReplica, privateRoute, masterSecret];
