import { Secret, UNKNOWN } from "../../../policy/reading/value";
import { app, type Case, type Cases, stackOutputs } from "./cases";

const PASSWORD = "Tr0ub4dor-and-3";
const URL_WITH_PASSWORD = `postgresql://aibase:${PASSWORD}@db.internal:5432/aibase`;
const fails = (title: string, outputs: Parameters<typeof stackOutputs>[0], says: readonly string[] = []): Case => ({
  kind: "fail",
  title,
  resources: [stackOutputs(outputs)],
  verdicts: ["violated"],
  says,
  hides: [PASSWORD],
});
const passes = (title: string, outputs: Parameters<typeof stackOutputs>[0]): Case => ({
  kind: "pass",
  title,
  resources: [stackOutputs(outputs)],
  verdicts: [],
});

const OUTPUTS_NO_CREDENTIALS: readonly Case[] = [
  passes("what a development stack exports", {
    tier: "development",
    users: 200,
    database: { kind: "sqlite", path: "/home/me/project/database/ai_company.db", busyTimeoutMs: 5000 },
    contract: "DB_TYPE=sqlite\nFILE_STORAGE_TYPE=local\nCACHE_TYPE=memory\n",
    nextSteps: ["npx ladder backup", "open http://localhost:5040/"],
  }),
  passes("names and places of credentials", {
    passwordSecretName: "db-credentials",
    masterSecretArn: "arn:aws:secretsmanager:us-east-1:1:secret:db",
    tokenTtl: "3600",
    credentials: { name: "s3-credentials", region: "us-east-1" },
    passphraseFile: "state/passphrase",
    keyspace: "notifications",
    secretsEnabled: true,
    tokens: 12,
  }),
  passes("credentials that are left to be filled in", {
    url: "postgresql://aibase:$DB_PASSWORD@db/aibase",
    template: "postgres://me:<password>@db/x and postgres://me:$" + "{PASS}@db/x",
    dbPassword: "",
    env: "DB_PG_PASSWORD=*****",
  }),
  passes("a port and a path with an at sign", { url: "http://localhost:5040/@handle", mail: "ops@example.com" }),
  {
    kind: "pass",
    title: "a short secret that other texts contain by chance",
    resources: [app({ pin: new Secret("smb") }), stackOutputs({ tier: "smb", next: "smb is the next tier" })],
    verdicts: [],
  },
  fails("a password under its name", { dbPassword: PASSWORD }, ["`dbPassword`"]),
  fails("a password that is a number", { adminPassword: 12345678 }),
  fails("S1-12: the password of the contract", { DB_PG_PASSWORD: PASSWORD }, ["`DB_PG_PASSWORD`"]),
  fails("a password deep inside", { a: [{ b: { passwords: [PASSWORD] } }] }, ["`a[0].b.passwords[0]`"]),
  fails("a group of secrets", { secrets: { db: PASSWORD } }, ["`secrets.db`"]),
  fails("a URL with a password", { endpoint: URL_WITH_PASSWORD }, ["`endpoint`", "URL with a password"]),
  fails("a Redis URL without a user", { cache: `rediss://:${PASSWORD}@cache:6379` }),
  fails("a .env with a password", { contract: `DB_TYPE=postgresql\nDB_PG_PASSWORD=${PASSWORD}\n` }),
  fails("a connection text with a password", { dsn: `host=db user=aibase password=${PASSWORD}` }),
  fails("a YAML document with a token", { config: `users:\n- name: me\n  user:\n    token: ${PASSWORD}\n` }),
  fails("a JSON document with a password", { config: JSON.stringify({ db: { password: PASSWORD } }) }, ["JSON"]),
  fails("a private key", { tls: "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----" }),
  fails("S1-17: the secret key of the file storage", { FILE_STORAGE_S3_SECRET_KEY: PASSWORD }),
  fails("an AWS access key", { note: `uses AKIA${"ABCDEFGHIJKLMNOP"}` }),
  fails("a path that would itself tell", { [URL_WITH_PASSWORD]: URL_WITH_PASSWORD }, ["[hidden]"]),
  {
    kind: "fail",
    title: "a secret of another resource under a harmless name, plain, in a URL and in Base64",
    resources: [
      app({ generated: new Secret(PASSWORD) }),
      stackOutputs({
        a: PASSWORD,
        b: `https://x/?q=${encodeURIComponent(PASSWORD)}`,
        c: Buffer.from(PASSWORD).toString("base64"),
        d: "something else",
      }),
    ],
    verdicts: ["violated", "violated", "violated"],
    says: ["`a`", "`b`", "`c`", "marked secret elsewhere"],
    hides: [PASSWORD],
  },
  {
    kind: "fail",
    title: "a secret that looks like a variable to be filled in",
    resources: [app({ generated: new Secret("$ECRET_WORD_9") }), stackOutputs({ a: "$ECRET_WORD_9" })],
    verdicts: ["violated"],
    hides: ["ECRET_WORD"],
  },
  {
    kind: "unknown",
    title: "outputs that are not known yet are named",
    resources: [stackOutputs({ host: UNKNOWN, list: [UNKNOWN], tier: "smb" })],
    verdicts: ["unverified"],
    says: ["`host`, `list[0]`"],
  },
  {
    kind: "unknown",
    title: "of many unknown outputs, the first ten and the number of the rest",
    resources: [stackOutputs(Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`o${at}`, UNKNOWN])))],
    verdicts: ["unverified"],
    says: ["`o9` and 4 more"],
  },
  {
    kind: "unknown",
    title: "an unknown output does not hide a known bad one",
    resources: [stackOutputs({ host: UNKNOWN, password: PASSWORD })],
    verdicts: ["violated", "unverified"],
    hides: [PASSWORD],
  },
  {
    kind: "wrong type",
    title: "outputs that are no structure",
    resources: [stackOutputs([true, 3, "hello"]), stackOutputs("hello"), stackOutputs(7)],
    verdicts: [],
  },
  {
    kind: "absent",
    title: "no outputs, and empty ones",
    resources: [stackOutputs({}), stackOutputs(null), stackOutputs({ dbPassword: null })],
    verdicts: [],
  },
  {
    kind: "secret",
    title: "credentials that are marked secret, known or not",
    resources: [
      stackOutputs({
        dbPassword: new Secret(PASSWORD),
        url: new Secret(UNKNOWN),
        contract: new Secret({ DATABASE_URL: URL_WITH_PASSWORD, DB_TYPE: "postgresql", HOST: "db.internal" }),
        kind: "postgresql",
        host: "db.internal",
      }),
    ],
    verdicts: [],
  },
];

export const CASES: Cases = { "outputs-no-credentials": OUTPUTS_NO_CREDENTIALS };
