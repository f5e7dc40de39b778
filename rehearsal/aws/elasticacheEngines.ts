/** Versions, families and parameters of ElastiCache's engines (user guide: "Supported engine versions", "Engine specific parameters"). */

/** Full versions by the version that one asks for. */
const VERSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  redis: { "6.2": "6.2.6", "7.0": "7.0.7", "7.1": "7.1.0" },
  valkey: { "7.2": "7.2.6", "8.0": "8.0.1", "8.1": "8.1.0", "8.2": "8.2.0", "9.0": "9.0.0", "9.1": "9.1.0" },
};

/** The full version; undefined when the engine has none such. */
export const fullVersion = (engine: string, version: string): string | undefined => VERSIONS[engine]?.[version];

/** The family of parameter groups that fits a version. */
export const familyOf = (engine: string, version: string): string => {
  const major = version.split(".")[0] ?? "";
  return engine === "redis" && major === "6" ? "redis6.x" : `${engine}${major}`;
};

export const FAMILIES: readonly string[] = [
  ...new Set(Object.entries(VERSIONS).flatMap(([engine, all]) => Object.keys(all).map((one) => familyOf(engine, one)))),
];

const yesOrNo = /^(yes|no)$/;
const whole = /^\d+$/;

/** Parameters that can be set, and what they take. One that is missing here is refused. */
const PARAMETERS: Readonly<Record<string, RegExp>> = {
  "acl-pubsub-default": /^(resetchannels|allchannels)$/,
  "acllog-max-len": whole,
  activedefrag: yesOrNo,
  "cluster-allow-reads-when-down": yesOrNo,
  "cluster-enabled": yesOrNo,
  "cluster-require-full-coverage": yesOrNo,
  "latency-tracking": yesOrNo,
  "lazyfree-lazy-user-del": yesOrNo,
  "maxmemory-policy": /^(allkeys|volatile)-(lru|lfu|random)$|^volatile-ttl$|^noeviction$/,
  "maxmemory-samples": whole,
  "notify-keyspace-events": /^[KEg$lshzxeAtmdn]*$/,
  "reserved-memory-percent": /^(\d{1,2}|100)$/,
  "slowlog-log-slower-than": /^-?\d+$/,
  "slowlog-max-len": whole,
  "tcp-keepalive": whole,
  timeout: whole,
};

/** Why a parameter is refused; undefined when it is not. */
export function wrongParameter(name: string, value: string): string | undefined {
  const form = PARAMETERS[name];
  if (form === undefined) return `InvalidParameterValue: there is no parameter ${name} that can be set`;
  return form.test(value) ? undefined : `InvalidParameterValue: ${name} cannot be ${value}`;
}

/** True when `now` is an older version than `old`; versions are compared part by part. */
export function isOlder(now: string, old: string): boolean {
  const [left, right] = [now, old].map((version) => version.split(".").map(Number));
  const length = Math.max(left?.length ?? 0, right?.length ?? 0);
  for (let index = 0; index < length; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Node types of the generations that new caches can have (user guide, "Supported node types"). */
export const isNodeType = (nodeType: string): boolean =>
  /^cache\.(t3|t4g)\.(micro|small|medium)$/.test(nodeType) ||
  /^cache\.(m5|m6g|m7g|m8g|r5|r6g|r6gd|r7g|c7gn)\.(large|x?large|\d{1,2}xlarge)$/.test(nodeType);
