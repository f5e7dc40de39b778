import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "../aws/naming";
import { secretData } from "../kubernetes/secretData";
import { checkKeyIds, type KeyIds, walletKeyRing } from "./walletKeyRing";

/** Letters and digits: about 285 bits, more than AES-256 and HMAC-SHA-256 take. */
const KEY_LENGTH = 48;

/** Days in which a deleted secret can be brought back. */
const RECOVERY_DAYS = 30;

/** Field of the Kubernetes Secret; what a pod sets LADDER_WALLET_KEYS from. */
export const KEY_RING_FIELD = "key-ring";

export type WalletKeysPlace =
  | {
      readonly kind: "secretsManager";
      /** KMS key that the secret is encrypted with. */
      readonly keyArn: pulumi.Input<string>;
    }
  | { readonly kind: "kubernetes"; readonly namespace: pulumi.Input<string> };

export interface WalletKeysArgs {
  readonly place: WalletKeysPlace;
  /** Keys of the encryption. Default: `k1` alone. */
  readonly keys?: KeyIds;
  /** Keys of the hash that wallets are looked up by. Default: `h1` alone. */
  readonly hmac?: KeyIds;
  /** Protects the keys themselves: without them the wallets are lost. */
  readonly deletionProtection: boolean;
}

/**
 * The keys of circle's wallets in a managed secret (S4-67, C-37), generated one by one, so that adding an id makes a key and leaves the
 * others as they are. To rotate: add an id, and bring the stack up, so that every reader has the key; make it `current`; run
 * `ladder wallets rotate`; take the old id out when no backup needs it (docs/wallets.md).
 */
export class WalletKeys extends pulumi.ComponentResource {
  /** JSON of the ring. Secret. */
  readonly keyRing: pulumi.Output<string>;
  /** ARN in Secrets Manager, or name of the Kubernetes Secret. */
  readonly secretId: pulumi.Output<string>;

  constructor(name: string, args: WalletKeysArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:secrets:WalletKeys", name, {}, opts);
    const { keys = { ids: ["k1"], current: "k1" }, hmac = { ids: ["h1"], current: "h1" } } = args;
    checkKeyIds("keys", keys);
    checkKeyIds("hmac", hmac);
    const made = (kind: string, { ids }: KeyIds) =>
      pulumi.all(Object.fromEntries(ids.map((id) => [id, this.makeKey(`${name}-${kind}-${id}`, args)])));
    this.keyRing = pulumi.secret(
      pulumi
        .all([made("encryption", keys), made("hmac", hmac)])
        .apply(([values, hmacValues]) =>
          walletKeyRing({ current: keys.current, values }, { current: hmac.current, values: hmacValues }),
        ),
    );
    this.secretId =
      args.place.kind === "secretsManager"
        ? this.inSecretsManager(name, args.place.keyArn, args.deletionProtection)
        : this.inKubernetes(name, args.place.namespace);
    this.registerOutputs({ secretId: this.secretId });
  }

  private makeKey(name: string, { deletionProtection }: WalletKeysArgs): pulumi.Output<string> {
    const key = new random.RandomPassword(
      name,
      { length: KEY_LENGTH, special: false },
      { parent: this, protect: deletionProtection },
    );
    return pulumi.secret(key.result);
  }

  private inSecretsManager(name: string, kmsKeyId: pulumi.Input<string>, protect: boolean): pulumi.Output<string> {
    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      {
        // A fixed name stays taken for the days of recovery: a stack could not be made again after it was destroyed.
        namePrefix: `${physicalName("secret", "wallet-keys")}-`,
        description: `Keys of the wallets in the database circle of stack ${pulumi.getStack()}`,
        kmsKeyId,
        recoveryWindowInDays: RECOVERY_DAYS,
      },
      { parent: this, protect },
    );
    new aws.secretsmanager.SecretVersion(
      `${name}-secret-version`,
      { secretId: secret.id, secretString: this.keyRing },
      { parent: this },
    );
    return secret.arn;
  }

  /** Not protected itself: it is made again from the keys, which are. */
  private inKubernetes(name: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
    const secret = new kubernetes.core.v1.Secret(
      `${name}-secret`,
      {
        metadata: { name: "wallet-keys", namespace },
        type: "Opaque",
        data: secretData({ [KEY_RING_FIELD]: this.keyRing }),
      },
      { parent: this },
    );
    return secret.metadata.name;
  }
}
