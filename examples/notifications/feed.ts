import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from "pg-logical-replication";
import { acknowledgeable, type Lsn } from "./lsn";
import { type Notification, Transactions } from "./transactions";

export interface FeedOptions {
  readonly postgres: ClientConfig;
  readonly slot: string;
  readonly publication: string;
  readonly signal: AbortSignal;
  log(line: string): void;
  /** Resolves when the notification is where it belongs; throws only once the signal came. */
  publish(notification: Notification): Promise<void>;
}

/** PostgreSQL hears of our position so often, and is asked for an answer; its wal_sender_timeout is 60 s by default. */
const STATUS_MS = 10_000;
/** A server that did not answer for so long is gone, though nobody closed the connection. */
const SILENT_MS = 3 * STATUS_MS;
/** For a connection to close in good order. */
const CLOSE_MS = 2_000;

/** Follows the change feed until the signal, from where it was left. Throws when the connection fails. */
export async function followFeed(options: FeedOptions): Promise<void> {
  const { postgres, slot, publication, signal, log } = options;
  const start = await slotPosition(options);
  // A new one for each connection: used again, it would go on after the last change that it received, published or not.
  const service = new LogicalReplicationService(
    { application_name: slot, keepAlive: true, ...postgres },
    // By itself it would confirm what it received, not what was published. Flow control stops reading during a handler.
    { acknowledge: { auto: false, timeoutSeconds: 0 }, flowControl: { enabled: true } },
  );
  const transactions = new Transactions(options.publish, start);
  let heard = Date.now();
  const confirm = (ask = false) => service.acknowledge(acknowledgeable(transactions.position), ask);

  return new Promise<void>((done, fail) => {
    let ended = false;
    const end = (error?: Error) => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      signal.removeEventListener("abort", stop);
      // A connection to a server that is gone never closes.
      const closed = Promise.race([service.destroy(), sleep(CLOSE_MS)]).catch(() => undefined);
      closed.then(() => (error ? fail(error) : done()));
    };
    const stop = () => end();
    const timer = setInterval(() => {
      if (transactions.idle && Date.now() - heard > SILENT_MS)
        end(new Error(`nothing was heard for ${SILENT_MS / 1000} s`));
      else confirm(true).catch(end);
    }, STATUS_MS);
    signal.addEventListener("abort", stop);
    service.on("error", end);
    service.on("start", () => log(`following ${publication} through the slot ${slot}, from ${start}`));
    service.on("data", async (_lsn: Lsn, message: Pgoutput.Message) => {
      heard = Date.now();
      if (ended) return;
      // What fails here must not be followed by a success that would confirm both.
      const told = await transactions.handle(message).catch(end);
      if (told && !ended) await confirm();
    });
    service.on("heartbeat", (lsn: Lsn, _time: number, answer: boolean) => {
      heard = Date.now();
      if (transactions.heartbeat(lsn) || answer) confirm().catch(end);
    });
    if (signal.aborted) return stop();
    service.subscribe(new CountingPlugin(publication, transactions), slot).then(
      () => end(new Error("the server ended the stream")),
      (error) => end(error),
    );
  });
}

/** Counts what is received as it comes; it may wait for long until it is handled. */
class CountingPlugin extends PgoutputPlugin {
  constructor(
    publication: string,
    private readonly transactions: Transactions,
  ) {
    super({ protoVersion: 1, publicationNames: [publication] });
  }

  override parse(buffer: Buffer): Pgoutput.Message {
    this.transactions.received();
    return super.parse(buffer);
  }
}

/** Up to where the slot's changes are published; makes the slot when there is none. */
async function slotPosition({ postgres, slot, log }: FeedOptions): Promise<Lsn> {
  const client = new Client({ application_name: slot, ...postgres });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const find =
      "SELECT confirmed_flush_lsn AS position, wal_status AS status FROM pg_replication_slots WHERE slot_name = $1";
    const { rows } = await client.query<{ position: Lsn; status: string | null }>(find, [slot]);
    const [found] = rows;
    if (found?.status === "lost")
      throw new Error(
        `the slot ${slot} was away for so long that its changes are gone (max_slot_wal_keep_size). Drop it with SELECT pg_drop_replication_slot('${slot}'): a new one begins with what happens from then on`,
      );
    if (found) return found.position;
    const create = "SELECT lsn AS position FROM pg_create_logical_replication_slot($1, 'pgoutput')";
    const made = await client.query<{ position: Lsn }>(create, [slot]);
    log(`made the slot ${slot}: what happened before is not told`);
    return made.rows[0]?.position ?? "0/1";
  } finally {
    await client.end();
  }
}
