import { once } from "node:events";
import { type Client, escapeIdentifier } from "pg";
import { from } from "pg-copy-streams";
import type { TablePlan } from "../model";

/** A COPY into a table that is under way. */
export interface CopyStream {
  /** Sends lines of the text format, as fast as the server takes them. Rejects with the server's error. */
  write(lines: Buffer): Promise<void>;
  /** Resolves when the server has taken all rows. */
  end(): Promise<void>;
}

/** Begins `COPY … FROM STDIN` of the plan's columns. Nothing else may be asked of the client until it has ended or failed. */
export function beginCopy(client: Client, table: TablePlan): CopyStream {
  const columns = table.columns.map(({ target }) => escapeIdentifier(target)).join(", ");
  const stream = client.query(from(`COPY public.${escapeIdentifier(table.target)} (${columns}) FROM STDIN`));
  let failure: Error | undefined;
  const failed = new Promise<never>((_, reject) =>
    stream.once("error", (error: Error) => {
      failure = error;
      reject(error);
    }),
  );
  // Whoever waits at that time is told; nobody may.
  failed.catch(() => undefined);
  return {
    async write(lines) {
      if (failure !== undefined) throw failure;
      // The library hands a chunk on at once; what is awaited is that the socket has taken it.
      if (!stream.write(lines)) await Promise.race([once(stream, "drain"), failed]);
    },
    async end() {
      if (failure !== undefined) throw failure;
      stream.end();
      await Promise.race([once(stream, "finish"), failed]);
    },
  };
}
