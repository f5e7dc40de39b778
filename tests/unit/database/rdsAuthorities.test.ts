import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { rdsAuthorities } from "../../../components/database/rdsAuthorities";

const certificates = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? []).map(
    (one) => new X509Certificate(one),
  );

describe("the authorities of RDS", () => {
  it.each(["us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", "me-central-1"])("are three in %s", (region) => {
    const found = certificates(rdsAuthorities(region) ?? "");
    expect(found.map(({ subject }) => /Root CA (\w+) G1/.exec(subject)?.[1]).sort()).toEqual([
      "ECC384",
      "RSA2048",
      "RSA4096",
    ]);
    for (const one of found) {
      expect(one.ca).toBe(true);
      expect(one.subject).toContain(`Amazon RDS ${region} Root CA`);
      expect(Date.parse(one.validTo)).toBeGreaterThan(Date.parse("2060-01-01"));
    }
  });

  it("are none where none are known, rather than those of another region", () => {
    expect(rdsAuthorities("il-central-1")).toBeUndefined();
    expect(rdsAuthorities("")).toBeUndefined();
  });
});
