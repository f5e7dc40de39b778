import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { credentialForm, isCredentialName, isPlaceholder } from "../../../policy/credentials";

describe("names", () => {
  test.each(["password", "dbPassword", "DB_PG_PASSWORD", "db-passwd", "apiKey", "API_KEYS", "clientSecret", "token"])(
    "%s is the name of a credential",
    (name) => expect(isCredentialName(name)).toBe(true),
  );
  test.each(["", "passwordSecretName", "secretArn", "tokenTtl", "monkey", "keyboard", "compass", "publicKey", "path"])(
    "%s is not",
    (name) => expect(isCredentialName(name)).toBe(false),
  );
});

describe("forms", () => {
  test.each([
    "postgres://me:p%40ss@db/x",
    "postgres://me:a12/34@db/x",
    "amqp://guest:guest@mq",
    "password=hunter22",
    "https://host/?access_token=abcdef",
    "Authorization: Bearer abcdefghijklmnop1234",
    "  token: abcdef",
    "-----BEGIN PRIVATE KEY-----",
  ])("%s carries a credential", (text) => expect(credentialForm(text)).toBeDefined());
  test.each([
    "",
    "https://example.com/a:b@c",
    "http://localhost:5040/@me",
    "set the password: see docs/settings.md for how",
    "PATH=/usr/bin",
    "password=",
    "password=$DB_PASSWORD",
    "ssh://git@host/repo",
    "sha256:0123456789abcdef0123456789abcdef",
  ])("%s carries none", (text) => expect(credentialForm(text)).toBeUndefined());

  test.each([
    'const password = "hunter22";',
    "x({password:'hunter22'})",
    '{"apiKey": "abcdef0123"}',
    "db.password=`hunter22`",
    'const at = "postgres://me:hunter22@db/x"',
    'send({ authorization: "Bearer abcdefghijklmnop1234" })',
  ])("%s in a program carries a credential", (text) => expect(credentialForm(text, "program")).toBeDefined());
  test.each([
    "this.password=n.password||e(t)",
    "r.secretKey=null;",
    'if(a.password==="")return',
    "getPassword=function(e){}",
    "password:process.env.PGPASSWORD",
  ])("%s in a program carries none", (text) => expect(credentialForm(text, "program")).toBeUndefined());

  test("answers about long texts at once, whatever they are made of", () => {
    const parts = fc.constantFrom("://", ":", "@", "a", "password=", "\n", " ", "a.b-", "token: ", "eyJ", ".");
    const long = fc.array(parts, { minLength: 1, maxLength: 6 }).map((some) => some.join("").repeat(3000));
    fc.assert(
      fc.property(long, (text) => {
        const start = performance.now();
        credentialForm(text);
        credentialForm(text, "program");
        isPlaceholder(text);
        expect(performance.now() - start).toBeLessThan(1000);
      }),
      { numRuns: 100 },
    );
  });
});
