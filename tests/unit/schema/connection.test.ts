import { describe, expect, it } from "vitest";
import { connectionFrom } from "../../../schema/connection";

const refusal = (env: NodeJS.ProcessEnv): unknown => {
  try {
    connectionFrom(env, "circle");
    return "accepted";
  } catch (error) {
    return error;
  }
};

describe("the connection that the environment names", () => {
  it("is libpq's, with the logical database as the default", () => {
    expect(connectionFrom({ PGHOST: "db.internal" }, "4g3n7db")).toEqual({
      host: "db.internal",
      port: 5432,
      database: "4g3n7db",
      sslmode: "prefer",
      connectTimeoutSeconds: 10,
    });
    const all = {
      PGHOST: "::1",
      PGPORT: "6432",
      PGDATABASE: "other",
      PGUSER: "circle_owner",
      PGPASSWORD: "a b%",
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "/ca.pem",
      PGCONNECT_TIMEOUT: "3",
    };
    expect(connectionFrom(all, "circle")).toEqual({
      host: "::1",
      port: 6432,
      database: "other",
      user: "circle_owner",
      password: "a b%",
      sslmode: "verify-full",
      sslrootcert: "/ca.pem",
      connectTimeoutSeconds: 3,
    });
  });

  it("is the URL's before libpq's, and libpq's where the URL is silent", () => {
    const env = {
      LADDER_DATABASE_URL: "postgres://circle_owner:it%27s%20100%25%2Fpass@[::1]:15432/4g3n7db?sslmode=require",
      PGHOST: "elsewhere",
      PGPASSWORD: "other",
      PGCONNECT_TIMEOUT: "7",
    };
    expect(connectionFrom(env, "circle")).toEqual({
      host: "::1",
      port: 15432,
      database: "4g3n7db",
      user: "circle_owner",
      password: "it's 100%/pass",
      sslmode: "require",
      connectTimeoutSeconds: 7,
    });
    expect(connectionFrom({ LADDER_DATABASE_URL: "postgresql://db.internal" }, "circle")).toMatchObject({
      host: "db.internal",
      port: 5432,
      database: "circle",
    });
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ["no server", {}, "Which server? Set PGHOST"],
    ["an empty one", { PGHOST: "", LADDER_DATABASE_URL: "" }, "Which server? Set PGHOST"],
    [
      "another scheme",
      { LADDER_DATABASE_URL: "mysql://u:hidden@h/d" },
      "LADDER_DATABASE_URL is no URL of a PostgreSQL database",
    ],
    [
      "no URL",
      { LADDER_DATABASE_URL: "host=h password=hidden" },
      "LADDER_DATABASE_URL is no URL of a PostgreSQL database",
    ],
    ["a bare percent sign", { LADDER_DATABASE_URL: "postgres://u:hidden%@h/d" }, "write it as %25"],
    [
      "an unknown parameter",
      { LADDER_DATABASE_URL: "postgres://u:hidden@h/d?options=x" },
      "has a parameter options. Allowed: sslmode, sslrootcert, connect_timeout",
    ],
    [
      "an unknown mode",
      { PGHOST: "h", PGSSLMODE: "yes" },
      "PGSSLMODE or sslmode is yes. Allowed: disable, allow, prefer, require, verify-ca, verify-full",
    ],
    ["a port that is none", { PGHOST: "h", PGPORT: "70000" }, "PGPORT is 70000. Allowed: 1 to 65535"],
    ["a time that is none", { PGHOST: "h", PGCONNECT_TIMEOUT: "soon" }, "PGCONNECT_TIMEOUT is soon"],
  ])("is refused for %s, and the password is not shown", (_what, env, message) => {
    const error = refusal(env);
    expect(error).toMatchObject({ name: "UserError", exitCode: 2, message: expect.stringContaining(message) });
    expect(String(error)).not.toContain("hidden");
  });
});
