import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Size, sizeByName, sizeForUsers, type TierName } from "../settings";

/** What every stack in AWS begins with. */
export interface Cloud {
  readonly provider: aws.Provider;
  /** Twelve digits. */
  readonly accountId: pulumi.Output<string>;
}

interface CloudSettings {
  readonly tier: TierName;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The provider of a stack: one region, and tags on everything that can have tags. The user's own tags come last. */
export function cloudOf({ tier, region, tags }: CloudSettings): Cloud {
  const provider = new aws.Provider("aws", {
    region: region as aws.Region,
    defaultTags: {
      tags: { Project: "scaling-ladder", Stack: pulumi.getStack(), Tier: tier, ManagedBy: "pulumi", ...tags },
    },
  });
  const { accountId } = aws.getCallerIdentityOutput({}, { provider });
  return { provider, accountId };
}

/** The machine size that a stack asks for, or the one for its users (C-05). */
export const sizeOf = ({ size, users }: { readonly size?: Size["name"] | undefined; readonly users: number }): Size =>
  size === undefined ? sizeForUsers(users) : sizeByName(size);
