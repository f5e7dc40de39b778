import { Secret, UNKNOWN, type Value } from "../../../../policy/reading/value";
import { type Case, type Cases, resource } from "../cases";
import { ALL_KINDS, ALL_LISTS, CONTAINER, container, deployment, one, placeCases, setting } from "./workloads";

const sound = deployment();
const PASSWORD = "correct-horse-battery";
const variable = (name: Value, value: Value): Value => ({ name, value });
const env = (...entries: readonly Value[]) => setting(sound, [...CONTAINER, "env"], entries);
const run = (list: "command" | "args", ...words: readonly Value[]) => setting(sound, [...CONTAINER, list], words);
const hidden = (made: Case): Case => ({ ...made, hides: [PASSWORD] });
const configMap = (data: Value, part = "data") => resource("kubernetes:core/v1:ConfigMap", { [part]: data });
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const NO_SECRET: readonly Case[] = [
  ...placeCases({ ...container, env: [variable("API_KEY", PASSWORD)] }, ALL_KINDS, ALL_LISTS),
  one(
    "pass",
    "plain values",
    env(variable("DB_PG_HOST", "db"), variable("PASSWORD_MIN_LENGTH", "12"), variable("PORT", 5040)),
  ),
  one("pass", "a placeholder", env(variable("DB_PG_PASSWORD", ""), variable("API_TOKEN", "$(TOKEN)"))),
  one("pass", "an address made of other variables", env(variable("URL", "postgres://$(USER):$(PASSWORD)@db/x"))),
  hidden({
    ...one("fail", "by its name", env(variable("PORT", "1"), variable("DB_PG_PASSWORD", PASSWORD)), "violated"),
    says: ["env[1].value", "under the name"],
  }),
  hidden({
    ...one("fail", "by its form", env(variable("DATABASE", `postgres://app:${PASSWORD}@db/x`)), "violated"),
    says: ["a URL with a password"],
  }),
  one("fail", "two", env(variable("API_KEY", PASSWORD), variable("TOKEN", PASSWORD)), "violated", "violated"),
  one("fail", "a number", env(variable("PASSWORD", 123456)), "violated"),
  hidden(one("fail", "an option and its word", run("args", "--user", "app", "--password", PASSWORD), "violated")),
  hidden(one("fail", "a short option", run("command", "tool", "-password", PASSWORD), "violated")),
  hidden(one("fail", "an option with its value", run("command", `--password=${PASSWORD}`), "violated")),
  hidden(one("fail", "inside a script", run("command", "sh", "-c", `export DB_PASSWORD=${PASSWORD}; run`), "violated")),
  one("pass", "a word after a word", run("args", "reset", "password", "soon")),
  one("pass", "the first word", run("args", "password")),
  one("pass", "an option that names a file", run("args", "--password-file", "/run/secrets/password")),
  hidden(
    one(
      "fail",
      "a command of a probe",
      setting(sound, [...CONTAINER, "livenessProbe", "exec", "command"], ["sh", `PASSWORD=${PASSWORD}`]),
      "violated",
    ),
  ),
  hidden(
    one(
      "fail",
      "a header of a probe",
      setting(sound, [...CONTAINER, "readinessProbe", "httpGet"], {
        httpHeaders: [{ name: "A", value: `Bearer ${PASSWORD}` }],
      }),
      "violated",
    ),
  ),
  one("secret", "a value that is marked, whatever it is", env(variable("HELLO", new Secret("world"))), "violated"),
  one("secret", "a marked value that is not known", env(variable("HELLO", new Secret(UNKNOWN))), "violated"),
  one(
    "secret",
    "a whole list that is marked",
    setting(sound, [...CONTAINER, "env"], new Secret([variable("HELLO", "world")])),
  ),
  one(
    "secret",
    "a whole list that is marked, with a password",
    setting(sound, [...CONTAINER, "env"], new Secret([variable("PASSWORD", PASSWORD)])),
    "violated",
  ),
  one("absent", "no variables", setting(sound, [...CONTAINER, "env"], undefined)),
  one("absent", "a variable without a value", env({ name: "PASSWORD" })),
  one("absent", "a value without a name", env({ value: "x" })),
  one("unknown", "a value", env(variable("DB_PG_HOST", UNKNOWN)), "unverified"),
  one("unknown", "a variable", env(UNKNOWN), "unverified"),
  one("unknown", "all variables", setting(sound, [...CONTAINER, "env"], UNKNOWN), "unverified"),
  one("unknown", "a name", env(variable(UNKNOWN, "plain"))),
  one("unknown", "a word of a command", run("command", "a", UNKNOWN), "unverified"),
  one("unknown", "all words", setting(sound, [...CONTAINER, "args"], UNKNOWN), "unverified"),
  one(
    "unknown",
    "a reference",
    env({ name: "PASSWORD", valueFrom: { secretKeyRef: { name: UNKNOWN, key: "password" } } }),
  ),
  one("unknown", "an image", setting(sound, [...CONTAINER, "image"], UNKNOWN)),
  one("pass", "a ConfigMap of plain values", configMap({ "enable-x": "true", host: "db", password: "<password>" })),
  one("absent", "an empty ConfigMap", resource("kubernetes:core/v1:ConfigMap", {})),
  one("wrong type", "a ConfigMap that is none", resource("kubernetes:core/v1:ConfigMap", { data: 7 })),
  hidden({
    ...one("fail", "in a ConfigMap, by its name", configMap({ host: "db", dbPassword: PASSWORD }), "violated"),
    says: ["`data.dbPassword`"],
  }),
  hidden(
    one("fail", "in a file of a ConfigMap", configMap({ "app.yaml": `host: db\npassword: ${PASSWORD}\n` }), "violated"),
  ),
  hidden({
    ...one(
      "fail",
      "in bytes of a ConfigMap",
      configMap({ "app.env": base64(`PASSWORD=${PASSWORD}`) }, "binaryData"),
      "violated",
    ),
    says: ["binaryData"],
  }),
  one(
    "pass",
    "a program that hands a password on",
    configMap({ "main.cjs": "client.password=options.password||read()" }),
  ),
  hidden(
    one(
      "fail",
      "a program with a password in it",
      configMap({ "main.mjs": `connect({password:"${PASSWORD}"})` }),
      "violated",
    ),
  ),
  one("pass", "bytes of a ConfigMap", configMap({ "app.env": base64("HOST=db") }, "binaryData")),
  one("secret", "marked, in a ConfigMap", configMap({ host: new Secret("db") }), "violated"),
  one("unknown", "a value of a ConfigMap", configMap({ host: UNKNOWN }), "unverified"),
  one("unknown", "a ConfigMap", configMap(UNKNOWN), "unverified"),
  one("unknown", "bytes of a ConfigMap", configMap(UNKNOWN, "binaryData"), "unverified"),
  one("pass", "a Secret", resource("kubernetes:core/v1:Secret", { stringData: { password: PASSWORD } })),
];

export const CASES: Cases = { "k8s-no-secret-env": NO_SECRET };
