import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { normaliseWallet } from "./address";

/** The keys of one row: what `users.wallet_key_id` names. */
export interface RowKeys {
  /** `<encryption key>/<HMAC key>`, for example `2026-11/h1`. */
  readonly label: string;
  /** What pgcrypto takes as the password: the key as the ring has it, in base64. */
  readonly passphrase: string;
  /** Key of the HMAC-SHA-256, bytes. */
  readonly mac: Buffer;
}

export interface KeySet {
  /** Id of the key that new values are written under. */
  readonly current: string;
  /** Base64 by id. */
  readonly keys: ReadonlyMap<string, string>;
}

/**
 * The keys of the wallets. A row names the two that it was written under, so old and new ones live beside each other while rows are
 * re-encrypted. Key material is out of reach of a log: neither `inspect` nor JSON shows it.
 */
export class KeyRing {
  readonly #encryption: KeySet;
  readonly #hmac: KeySet;

  constructor(encryption: KeySet, hmac: KeySet) {
    this.#encryption = encryption;
    this.#hmac = hmac;
  }

  /** What new rows say in `wallet_key_id`. */
  get current(): string {
    return `${this.#encryption.current}/${this.#hmac.current}`;
  }

  /** Every pair that a row may name. */
  get pairs(): readonly RowKeys[] {
    return [...this.#encryption.keys].flatMap(([id, passphrase]) =>
      [...this.#hmac.keys].map(([macId, mac]) => ({
        label: `${id}/${macId}`,
        passphrase,
        mac: Buffer.from(mac, "base64"),
      })),
    );
  }

  get labels(): readonly string[] {
    return this.pairs.map(({ label }) => label);
  }

  /**
   * What `wallet_address_hash` may hold for a wallet: its HMAC under the current key, and under each older one that rows still have.
   * 32 bytes each, the current one first.
   * @throws UserError when it is no wallet address.
   */
  hashes(address: string): Buffer[] {
    const normal = normaliseWallet(address);
    const { current, keys } = this.#hmac;
    return [...keys]
      .sort(([a], [b]) => Number(b === current) - Number(a === current))
      .map(([, mac]) => createHmac("sha256", Buffer.from(mac, "base64")).update(normal).digest());
  }

  toJSON(): { readonly current: string; readonly labels: readonly string[] } {
    return { current: this.current, labels: this.labels };
  }

  [inspect.custom](): string {
    return `KeyRing { ${this.current} }`;
  }
}
