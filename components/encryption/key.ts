import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { type Transform, transformed } from "../transform";
import { type KeyService, keyPolicy } from "./keyPolicy";

export { type KeyService, SNS_PUBLISHERS } from "./keyPolicy";

export interface EncryptionKeyArgs {
  /** What it encrypts, in one word such as `database`: part of the alias `alias/aibase-<stack>-<purpose>`. */
  readonly purpose: string;
  /** AWS account, twelve digits. */
  readonly accountId: pulumi.Input<string>;
  /** Region of the key; a key serves its own region only. Changing it replaces the key. */
  readonly region: string;
  /** AWS services that use it by themselves. Default: none. Changed in place. */
  readonly services?: readonly KeyService[];
  /** Protect the key from being deleted by the engine. What it encrypts can never be read again without it. */
  readonly deletionProtection: boolean;
  /**
   * Leave the key in the account when the stack is destroyed: what outlives the stack, such as a final snapshot, can only be read with
   * it. It goes on costing its price. Default: false.
   */
  readonly keepAfterDestroy?: boolean;
  readonly transform?: { readonly key?: Transform<aws.kms.KeyArgs> };
}

/** Days between the order to delete a key and its end: the longest that KMS offers. */
const DELETION_WINDOW_DAYS = 30;

/**
 * A customer-managed KMS key, rotated every year. About 1 USD a month, 3 USD after its second rotation, beside the price
 * of requests (AWS KMS pricing).
 */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { purpose, region } = args;
    super("scaling-ladder:encryption:EncryptionKey", name, { purpose, region }, opts);

    const key = this.makeKey(name, args);
    this.makeAlias(name, args, key);

    this.arn = key.arn;
    this.id = key.keyId;
    this.registerOutputs({ arn: this.arn, id: this.id });
  }

  private makeKey(name: string, args: EncryptionKeyArgs): aws.kms.Key {
    const defaults: aws.kms.KeyArgs = {
      description: `${args.purpose} of stack ${pulumi.getStack()}`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy: keyPolicy(args, args.services ?? []),
      region: args.region,
    };
    return new aws.kms.Key(`${name}-key`, transformed(defaults, args.transform?.key), {
      parent: this,
      protect: args.deletionProtection,
      retainOnDelete: args.keepAfterDestroy === true,
    });
  }

  private makeAlias(name: string, { purpose, region }: EncryptionKeyArgs, key: aws.kms.Key): void {
    new aws.kms.Alias(
      `${name}-alias`,
      { name: `alias/${physicalName("keyAlias", purpose)}`, targetKeyId: key.keyId, region },
      { parent: this },
    );
  }
}
