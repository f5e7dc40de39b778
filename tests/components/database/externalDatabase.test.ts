import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExternalDatabase, partsOf } from "../../../components/database/externalDatabase";
import { rehearsedMocks } from "../../../rehearsal/mocks";

const valueIn = <Value>(output: pulumi.Output<Value>): Promise<Value> =>
  new Promise((done) => void output.apply((value) => done(value)));

describe("a database of somebody else", () => {
  it("is what its connection string says, its credentials secret", async () => {
    rehearsedMocks();
    const { endpoint } = new ExternalDatabase("database", {
      url: "postgresql://app.user:p%40ss%2Fword@db.example.com:6543/platform?sslmode=verify-full",
      poolMax: 20,
    });
    expect(endpoint).toMatchObject({ kind: "postgresql", port: 6543, name: "platform", sslmode: "verify-full" });
    expect(await valueIn(endpoint.host)).toBe("db.example.com");
    expect(await valueIn(endpoint.username)).toBe("app.user");
    expect(await valueIn(endpoint.password)).toBe("p@ss/word");
    expect(await pulumi.isSecret(endpoint.password)).toBe(true);
    expect(await pulumi.isSecret(endpoint.username)).toBe(true);
    expect(await pulumi.isSecret(endpoint.host)).toBe(false);
  });

  it("is reached by port 5432 and encrypted, unless its string says so and more", () => {
    expect(partsOf("postgres://me:x@db.example.com")).toMatchObject({ port: 5432, database: "me", sslmode: "require" });
    expect(partsOf("postgres://me:x@db.example.com/d?sslmode=disable").sslmode).toBe("require");
  });

  it("keeps every user, password and database name, whatever signs are in it", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(text, text, text, (username, password, database) => {
        const [u, p, d] = [username, password, database].map(encodeURIComponent);
        expect(partsOf(`postgresql://${u}:${p}@db.example.com/${d}`)).toMatchObject({ username, password, database });
      }),
    );
  });
});
