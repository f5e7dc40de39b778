import type { Client } from "pg";

/** Opens a session of the database that has the files, as its owner. */
export type Connect = () => Promise<Client>;

/** Sessions for work at once; each is lent to one work at a time. */
export interface Sessions {
  readonly count: number;
  use<T>(work: (client: Client) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

/** @param most as many as there are, unless server or role allow fewer; one at least. */
export async function openSessions(connect: Connect, most: number): Promise<Sessions> {
  const all = [await connect()];
  // The catalogue gives an owner few connections: what there is, is enough. A server that has gone is told by the work.
  for (let more = true; more && all.length < most; )
    more = await connect().then(
      (client) => all.push(client) > 0,
      () => false,
    );
  const free = [...all];
  return {
    count: all.length,
    async use(work) {
      const client = free.pop();
      if (client === undefined) throw new Error("more works than sessions");
      try {
        return await work(client);
      } finally {
        free.push(client);
      }
    },
    async end() {
      await Promise.all(all.map((client) => client.end().catch(() => undefined)));
    },
  };
}
