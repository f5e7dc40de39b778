import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import type { KeyRing } from "../../../schema/wallets/keyRing";
import { decryptWallet, findUserByWallet } from "../../../schema/wallets/read";
import type { Circle } from "../circle/circle";
import { walletOf } from "./keys";

/** What goes on beside an encryption or a rotation. */
export interface Load {
  /** Ends it, and tells what happened. */
  stop(): Promise<Happened>;
}

export interface Happened {
  readonly lookups: number;
  /** Lookups and decryptions that gave nothing, or somebody else's. */
  readonly misses: readonly string[];
  readonly decrypted: number;
  readonly written: number;
}

/** Users up to this one keep their wallets; the writers are at work on the others. */
export const STABLE = 15_000;

const WRITERS = 3;
const READERS = 2;

/** Users of the application pause, too; without it, the load alone would take what the machine has. */
const PAUSE_MS = 3;

/** The wallet of a stable user as somebody types it: any letter case. */
const typed = (n: number, plainOnly: boolean): string => {
  const wallet = walletOf(n);
  return plainOnly || randomInt(2) === 0 ? wallet : `0x${wallet.slice(2).toUpperCase()}`;
};

/**
 * Writers as the application: new users, other wallets, other words, users that go. Readers look wallets up, and decrypt some.
 * @param plainOnly whether some are not encrypted yet, so that they are found by the text as it stands in the table.
 */
export async function startLoad(
  circle: Circle,
  ring: KeyRing,
  { users, plainOnly }: { users: number; plainOnly: boolean },
): Promise<Load> {
  const stop = new AbortController();
  const happened = { lookups: 0, decrypted: 0, written: 0 };
  const misses: string[] = [];
  const until = async (client: Client, work: () => Promise<void>) => {
    try {
      while (!stop.signal.aborted) {
        await work();
        await sleep(PAUSE_MS);
      }
    } finally {
      await client.end();
    }
  };
  const read = async () => {
    const client = await circle.connect("app");
    return until(client, async () => {
      const n = 1 + randomInt(STABLE);
      const found = await findUserByWallet(client, ring, typed(n, plainOnly));
      if (found !== String(n)) misses.push(`lookup of ${n} gave ${found}`);
      happened.lookups++;
    });
  };
  const decrypt = async () => {
    const client = await circle.connect("superuser");
    return until(client, async () => {
      const n = 1 + randomInt(STABLE);
      const wallet = await decryptWallet(client, ring, String(n));
      if (wallet !== walletOf(n) && !(plainOnly && wallet === undefined))
        misses.push(`decryption of ${n} gave ${wallet}`);
      happened.decrypted++;
    });
  };
  const write = async (writer: number) => {
    const client = await circle.connect("app");
    const mine = () => STABLE + 1 + randomInt(users - STABLE);
    let next = 0;
    return until(client, async () => {
      const unique = `0x${writer}${(next++).toString(16).padStart(15, "0")}${randomInt(2 ** 40)
        .toString(16)
        .padStart(24, "f")}`;
      const kind = randomInt(4);
      if (kind === 0)
        await client.query("INSERT INTO users (wallet_address, pseudonym) VALUES ($1::text, $1)", [unique]);
      else if (kind === 1) await client.query("UPDATE users SET wallet_address = $2 WHERE id = $1", [mine(), unique]);
      else if (kind === 2)
        await client.query("UPDATE users SET bio = $2, last_login = now() WHERE id = $1", [mine(), unique]);
      else await client.query("DELETE FROM users WHERE id = $1", [mine()]);
      happened.written++;
    });
  };
  const all = Promise.all([
    ...Array.from({ length: READERS }, read),
    decrypt(),
    ...Array.from({ length: WRITERS }, (_, writer) => write(writer + 1)),
  ]);
  // A failure is told by `stop`, not as one that nobody listens to.
  all.catch(() => undefined);
  return {
    async stop() {
      stop.abort();
      await all;
      return { ...happened, misses };
    },
  };
}
