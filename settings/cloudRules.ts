import { numberAt, type Rule } from "./rule";

/** Contradictions between the settings of cloud resources. */

const ADOPTED = ["network.vpcId", "network.privateSubnetIds", "network.dataSubnetIds"];
const MADE = ["network.zones", "network.natGateways"];

const adoptedNetwork: Rule = (_tier, get) => {
  const adopt = get("network.mode") === "adopt";
  const wrong = ADOPTED.find((key) => adopt === (get(key) === undefined));
  if (wrong !== undefined)
    return {
      key: wrong,
      message: adopt ? "adopting a VPC needs its id and its subnets" : "it belongs to network.mode adopt",
      allowed: adopt ? "the ids of what is there" : "nothing",
      next: adopt ? "set it, or set network.mode to create" : "remove it, or set network.mode to adopt",
    };
  const made = adopt ? MADE.find((key) => get(key) !== undefined) : undefined;
  if (made === undefined) return undefined;
  return { key: made, message: "an adopted VPC is as it is", allowed: "nothing", next: "remove it" };
};

const zonesOfRegion: Rule = (_tier, get) => {
  const [zones, region] = [get("network.zones"), get("region") ?? "us-east-1"];
  if (!Array.isArray(zones)) return undefined;
  const twice = new Set(zones).size !== zones.length;
  if (!twice && zones.every((zone) => String(zone).slice(0, -1) === region)) return undefined;
  return {
    key: "network.zones",
    message: twice ? "a zone is named twice" : `not every zone lies in region ${String(region)}`,
    allowed: `different zones of ${String(region)}`,
    next: "correct the list, or leave it out",
  };
};

const foreignStorage: Rule = (_tier, get) => {
  const type = get("files.type");
  if (type !== "azure" && type !== "gcs") return undefined;
  const key = ["files.endpoint", "files.cdn", "files.forcePathStyle"].find((name) => Boolean(get(name)));
  if (key === undefined) return undefined;
  return {
    key,
    message: `it belongs to S3; ${type} storage is made elsewhere and passed on`,
    allowed: "nothing",
    next: "remove it",
  };
};

const twoRegions: Rule = (_tier, get) => {
  const [first, second] = [get("region") ?? "us-east-1", get("secondaryRegion")];
  if (second === undefined || first !== second) return undefined;
  return {
    key: "secondaryRegion",
    message: "copies in the same region do not survive the loss of that region",
    allowed: `any region but ${String(first)}`,
    next: "choose another region",
  };
};

const shardsForUsers: Rule = (_tier, get) => {
  const [shards, users] = [numberAt(get, "database.shards"), numberAt(get, "users")];
  if (shards === undefined || users === undefined || shards * 1_000_000 >= users) return undefined;
  return {
    key: "database.shards",
    message: `${shards} ranges of 1,000,000 do not hold ${users} users (S4-21)`,
    allowed: `${Math.ceil(users / 1_000_000)} or more`,
    next: "raise it, or leave it out",
  };
};

const restoreFrom: Rule = (_tier, get) => {
  const restore = get("database.restore");
  if (restore === undefined) return undefined;
  const snapshot = get("database.restore.snapshot") !== undefined;
  const source = get("database.restore.sourceInstance") !== undefined;
  if (snapshot === source)
    return {
      key: "database.restore",
      message: snapshot ? "a primary begins from one thing" : "it names nothing to begin from",
      allowed: "either snapshot or sourceInstance",
      next: "name one of the two, or remove database.restore",
    };
  if (!snapshot || get("database.restore.time") === undefined) return undefined;
  return {
    key: "database.restore.time",
    message: "a snapshot is one moment by itself",
    allowed: "nothing beside snapshot",
    next: "remove it, or name sourceInstance instead of snapshot",
  };
};

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const WEEK = 7 * 24 * 60;
/** The daily backup window of every database, in minutes of the day (UTC). */
const BACKUP = { start: 180, end: 240 };

const minuteOfWeek = (text: string): number => {
  const [day = "", hour, minute] = text.split(":");
  return DAYS.indexOf(day) * 1440 + Number(hour) * 60 + Number(minute);
};

const windowsApart: Rule = (_tier, get) => {
  const window = get("database.maintenanceWindow");
  if (typeof window !== "string" || !window.includes("-")) return undefined;
  const [from = "", to = ""] = window.split("-");
  const start = minuteOfWeek(from);
  const length = (minuteOfWeek(to) - start + WEEK) % WEEK;
  const touches = Array.from({ length: 9 }, (_, day) => (day - 1) * 1440).some(
    (midnight) => start < midnight + BACKUP.end && midnight + BACKUP.start < start + length,
  );
  if (length >= 30 && length <= 1440 && !touches) return undefined;
  return {
    key: "database.maintenanceWindow",
    message: touches ? "it touches the daily backup window, 03:00 to 04:00 UTC" : "it lasts too short or too long",
    allowed: "30 minutes to 24 hours outside 03:00 to 04:00 UTC, such as sun:05:00-sun:06:00",
    next: "choose another window",
  };
};

/** A pod's own identity comes from EKS; a cluster that is only pointed at may be anything. */
const workloadIdentity: Rule = (_tier, get) => {
  if (get("files.access") !== "workload-identity" || get("cluster.mode") === "create") return undefined;
  return {
    key: "files.access",
    message: "a pod's own identity needs an EKS cluster that is made here",
    allowed: "user-keys with an existing cluster",
    next: "set it to user-keys, or set cluster.mode to create",
  };
};

const clusterParts: Rule = (_tier, get) => {
  const made = get("cluster.mode") === "create";
  const given = (name: string) => get(name) !== undefined && String(get(name)) !== "";
  const key = (made ? ["cluster.context", "cluster.kubeconfig"] : ["cluster.endpointCidrs"]).find(given);
  if (key === undefined) return undefined;
  return {
    key,
    message: made ? "a cluster that is made here has its own way in" : "it belongs to a cluster that is made here",
    allowed: "nothing",
    next: `remove it, or set cluster.mode to ${made ? "existing" : "create"}`,
  };
};

/** In the order in which they are told. */
export const cloudRules: readonly Rule[] = [
  adoptedNetwork,
  zonesOfRegion,
  foreignStorage,
  twoRegions,
  shardsForUsers,
  restoreFrom,
  windowsApart,
  workloadIdentity,
  clusterParts,
];
