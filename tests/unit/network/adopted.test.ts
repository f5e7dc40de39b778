import { describe, expect, it } from "vitest";
import { adoptedRange } from "../../../components/network/adopted";
import { pickZones } from "../../../components/network/zones";
import { UserError } from "../../../settings/errors";

const VPC = {
  id: "vpc-0123456789abcdef0",
  cidrBlock: "10.9.0.0/16",
  enableDnsHostnames: true,
  enableDnsSupport: true,
};

describe("a VPC that is adopted", () => {
  it("gives its range", () => {
    expect(adoptedRange(VPC)).toBe("10.9.0.0/16");
  });

  it.each(["enableDnsHostnames", "enableDnsSupport"])("is refused without %s", (flag) => {
    expect(() => adoptedRange({ ...VPC, [flag]: false })).toThrow(UserError);
  });
});

describe("the zones that are picked", () => {
  it("are the first by name, whatever order AWS tells them in", () => {
    expect(pickZones(["eu-west-1c", "eu-west-1a", "eu-west-1b"], 2, "eu-west-1")).toEqual(["eu-west-1a", "eu-west-1b"]);
  });

  it("must be enough", () => {
    expect(() => pickZones(["us-west-1a", "us-west-1c"], 3, "us-west-1")).toThrow(
      /us-west-1 offers 2 zones to this account and 3 are needed/,
    );
  });
});
