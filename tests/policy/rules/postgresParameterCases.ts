import { DOCUMENTED, parametersFor } from "../../../components/database/parameters";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, resource } from "./cases";
import { one } from "./oneCase";
import { primary, replica } from "./rdsFixtures";

const GROUP = "aws:rds/parameterGroup:ParameterGroup";
const parameter = (name: Value, value: Value): Value => ({ name, value, applyMethod: "immediate" });
const group = (parameters: Value, more: Readonly<Record<string, Value>> = {}) =>
  resource(GROUP, { family: "postgres16", name: "parameters", parameters, ...more }, "parameters");

/** The group that our own component makes. */
const machine = { vcpus: 8, memoryGiB: 32 };
const ours = (tuning: "documented" | "scaled") =>
  group(parametersFor({ tuning, machine, storageGiB: 500 }).map((each) => ({ ...each })));

/** The cases of a rule that wants one parameter: a right value, and values that are wrong. */
function parameterCases(name: string, right: Value, wrong: readonly Value[]): readonly Case[] {
  const sound = group([parameter("timezone", "UTC"), parameter(name, right)]);
  const at = (entry: Value) => having(sound, ["parameters", 1], entry);
  return [
    one("pass", "set", [sound]),
    one("pass", "our own group", [ours("documented")]),
    one("pass", "of another engine", [group([], { family: "mysql8.0" })]),
    one("absent", "not set", [group([parameter("timezone", right)])], ["violated"], { says: [name, "`parameters`"] }),
    one("absent", "no parameters", [having(sound, ["parameters"], undefined)], ["violated"]),
    one("absent", "no value", [at({ name })], ["violated"]),
    one("absent", "no family", [having(group([]), ["family"], undefined)], ["violated"]),
    ...wrong.map((value) => one("fail", `set to ${JSON.stringify(value)}`, [at(parameter(name, value))], ["violated"])),
    one("fail", "another one has the value", [at(parameter(`${name}_2`, right))], ["violated"]),
    one("unknown", "all parameters", [having(sound, ["parameters"], UNKNOWN)], ["unverified"], {
      says: ["`parameters`"],
    }),
    one("unknown", "the value", [at(parameter(name, UNKNOWN))], ["unverified"]),
    one("unknown", "the name", [at(parameter(UNKNOWN, right))], ["unverified"]),
    one("unknown", "the name of a wrong value", [at(parameter(UNKNOWN, "no number"))], ["violated"]),
    one("unknown", "an entry", [at(UNKNOWN)], ["unverified"]),
    one("unknown", "an entry beside the right one", [having(sound, ["parameters", 0], UNKNOWN)]),
    one("unknown", "the family", [group([], { family: UNKNOWN })], ["violated"]),
    one("wrong type", "a structure", [having(sound, ["parameters"], { [name]: right })], ["violated"]),
    one("wrong type", "a number for a text", [at(parameter(name, Number(right)))], ["violated"]),
    one("secret", "the right value, marked secret", [at(new Secret(parameter(name, right)))]),
    one("secret", "a wrong value, marked secret", [at(parameter(name, new Secret("47110")))], ["violated"], {
      hides: ["47110"],
    }),
  ];
}

const named = (name: Value) => having(primary, ["parameterGroupName"], name);
const referring = (target: typeof primary) =>
  resource(primary.type, { ...(primary.props as object), parameterGroupName: UNKNOWN }, "primary", {
    refers: { parameterGroupName: target },
  });
const tls = group([parameter("rds.force_ssl", "1")]);
const plain = group([parameter("rds.force_ssl", "0")]);

const USES_TLS: readonly Case[] = [
  one("pass", "by reference, with everything unknown", [referring(tls), tls]),
  one("pass", "by its name as a text", [named("parameters"), tls]),
  one("pass", "a replica without one has that of its source", [having(replica, ["parameterGroupName"], undefined)]),
  one("fail", "a group that does not force it", [referring(plain), plain], ["violated"], {
    says: ["primary uses a parameter group", "rds.force_ssl"],
  }),
  one("fail", "the wrong one of two", [referring(plain), plain, { ...tls, urn: `${tls.urn}-2` }], ["violated"]),
  one("fail", "the default group", [named("default.postgres16"), tls], ["violated"], {
    says: ["primary uses no parameter group of its own"],
  }),
  one(
    "fail",
    "a replica with the default group",
    [having(replica, ["parameterGroupName"], "default.postgres16")],
    ["violated"],
  ),
  one("absent", "no group", [having(primary, ["parameterGroupName"], undefined), tls], ["violated"]),
  one("unknown", "a group that may be any", [named(UNKNOWN), tls], ["unverified"]),
  one("unknown", "what the group sets", [referring(group(UNKNOWN)), group(UNKNOWN)], ["unverified"], {
    says: ["parameter group of primary sets"],
  }),
  one("unknown", "a group from elsewhere", [named("of-somebody-else"), tls], ["unverified"], {
    says: ["parameter group of primary is not made by this stack"],
  }),
  one("unknown", "a group from elsewhere that looks like a default", [named("my-default.group")], ["unverified"]),
  one("wrong type", "a list", [named([]), tls], ["violated"]),
  one("secret", "a name that is marked secret", [named(new Secret("parameters")), tls]),
];

const inside = (tuning: Value | undefined, target: typeof tls) => {
  const component = resource(
    "scaling-ladder:database:RdsDatabase",
    tuning === undefined ? { kind: "postgresql" } : { kind: "postgresql", tuning },
    "database",
  );
  return [component, { ...target, parent: component.urn }];
};
const first = (target: typeof tls, value: Value) => having(target, ["parameters", 0, "value"], value);
const without = (name: string) =>
  group(
    Object.entries(DOCUMENTED)
      .filter(([parameterName]) => parameterName !== name)
      .map(([parameterName, value]) => parameter(parameterName, String(value))),
  );

const DOCUMENTED_NINE: readonly Case[] = [
  one("pass", "S3-10 to S3-18: the group that our component makes", [ours("documented")]),
  one("pass", "C-33: other values where the settings say scaled", inside("scaled", ours("scaled"))),
  one("pass", "of another engine", [group([], { family: "mysql8.0" })]),
  ...Object.keys(DOCUMENTED).map((name) =>
    one("fail", `without ${name}`, [without(name)], ["violated"], { says: [`lacks the documented ${name} `] }),
  ),
  one("fail", "scaled values that nobody asked for", inside("documented", ours("scaled")), ["violated"]),
  one("fail", "a value a little off", [first(ours("documented"), "0.91")], ["violated"], {
    says: ["checkpoint_completion_target 0.9"],
  }),
  one("fail", "two of them in one message", [group([])], ["violated"], {
    says: ["max_connections 200, shared_buffers 32768, effective_cache_size 131072, work_mem 4096"],
  }),
  one("absent", "no parameters, and a component that says no tuning", inside(undefined, group(null)), ["violated"]),
  one("unknown", "the tuning", inside(UNKNOWN, ours("scaled")), ["unverified"], { says: ["parameters of parameters"] }),
  one("unknown", "the tuning, where it makes no difference", inside(UNKNOWN, ours("documented")), ["unverified"]),
  one("unknown", "a value", [first(ours("documented"), UNKNOWN)], ["unverified"]),
  one("unknown", "all parameters", [group(UNKNOWN)], ["unverified"]),
  one("wrong type", "a tuning that is none", inside(7, ours("scaled")), ["violated"]),
  one("secret", "a value marked secret", [first(ours("documented"), new Secret("0.9"))]),
];

export const CASES: Cases = {
  "pg-force-ssl": parameterCases("rds.force_ssl", "1", ["0", "on", ""]),
  "pg-query-logging": [
    ...parameterCases("log_min_duration_statement", "1000", ["-1", "1001", "", "{DBInstanceVCPU}"]),
    one("pass", "every statement", [group([parameter("log_min_duration_statement", "0")])]),
  ],
  "rds-uses-tls-parameter-group": USES_TLS,
  "pg-documented-parameters": DOCUMENTED_NINE,
};
