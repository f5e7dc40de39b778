import type { Pgoutput } from "pg-logical-replication";
import { type Lsn, lsnValue } from "./lsn";

/** What a user is told: ids, and nothing about who did it. */
export interface Notification {
  readonly userId: number;
  /** `like`, `repost` or `reply`. */
  readonly type: string;
  /** A post of that user. */
  readonly postId: number;
}

/** The table that the notifications are inserted into. */
const OUTBOX = { schema: "ladder", name: "notifications" } as const;

/**
 * Publishes a stream of changes, transaction by transaction, and knows up to where everything is published.
 *
 * @param publish resolves when the notification is where it belongs
 * @param start up to where everything was published before
 */
export class Transactions {
  #received = 0;
  #handled = 0;
  #open: Notification[] | undefined;
  #published: Lsn;

  constructor(
    private readonly publish: (notification: Notification) => Promise<void>,
    start: Lsn,
  ) {
    this.#published = start;
  }

  /** Up to where everything is published: the end of a transaction. */
  get position(): Lsn {
    return this.#published;
  }

  /** Whether nothing is waiting: every message that came was handled, and no transaction is open. */
  get idle(): boolean {
    return this.#received === this.#handled && this.#open === undefined;
  }

  /** A message came, to be handled later. */
  received(): void {
    this.#received += 1;
  }

  /** Handles the messages in their order, one after another. Tells whether anything was published. */
  async handle(message: Pgoutput.Message): Promise<boolean> {
    let told = 0;
    if (message.tag === "begin") this.#open = [];
    else if (message.tag === "insert" && isOutbox(message.relation)) this.#open?.push(notification(message.new));
    else if (message.tag === "commit") {
      for (const each of this.#open ?? []) {
        await this.publish(each);
        told += 1;
      }
      this.#open = undefined;
      if (message.commitEndLsn) this.#advance(message.commitEndLsn);
    }
    this.#handled += 1;
    return told > 0;
  }

  /**
   * The server has sent all that there is up to here. Where nothing is waiting, that much is published; without this, the log of
   * a quiet feed would be kept for ever. Tells whether the position has changed.
   */
  heartbeat(lsn: Lsn): boolean {
    return this.idle && this.#advance(lsn);
  }

  #advance(to: Lsn): boolean {
    if (lsnValue(to) <= lsnValue(this.#published)) return false;
    this.#published = to;
    return true;
  }
}

const isOutbox = ({ schema, name }: Pgoutput.MessageRelation): boolean =>
  schema === OUTBOX.schema && name === OUTBOX.name;

const notification = (row: Record<string, unknown>): Notification => ({
  userId: Number(row.user_id),
  type: String(row.type),
  postId: Number(row.post_id),
});
