import { DatabaseError } from "pg";
import { describe, expect, it } from "vitest";
import { isLost } from "../../../schema/connectionErrors";

const withCode = (error: Error, code: string): Error => Object.assign(error, { code });

describe("a lost session", () => {
  it.each(["57P01", "57P02", "08006", "ECONNRESET", "EPIPE"])(
    "is one by its code %s, whatever made the error",
    (code) => {
      expect(isLost(withCode(new Error("terminating connection due to unexpected postmaster exit"), code))).toBe(true);
    },
  );

  it("is one by what the driver says", () => {
    expect(isLost(new Error("Connection terminated unexpectedly"))).toBe(true);
  });

  it("is none when the server only refused something, even in words of lost connections", () => {
    const refused = new DatabaseError("a connection terminated, says the check", 0, "error");
    expect(isLost(withCode(refused, "23514"))).toBe(false);
    expect(isLost(new Error("a row is wrong"))).toBe(false);
  });
});
