import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Cloud, CloudResource, Values } from "./model";

/** A resource with what only the world itself needs. */
interface Held extends CloudResource {
  /** Number of its creation: makes its random-looking ids, and never comes again. */
  readonly serial: number;
  /**
   * True until the engine speaks of it by its id. Before that nobody can say whether the engine ever heard that it was made: the
   * answer, or the engine, may have been lost.
   */
  readonly unconfirmed?: boolean;
}

type Entry = { readonly put: Held } | { readonly gone: string } | { readonly serial: number };

const keyOf = ({ urn, id }: CloudResource): string => `${urn}::${id}`;

/**
 * Everything that the simulated clouds hold. It lives in one file, a journal with a line for each change, so that a killed run
 * loses nothing. Secrets are held as fingerprints only.
 */
export class World {
  private readonly held = new Map<string, Held>();
  private serial = 0;

  /** @param file Where it is kept; without one it lives in memory. */
  constructor(private readonly file?: string) {
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const entry = parse(line);
      if (entry !== undefined) this.apply(entry);
    }
    this.compact(file);
  }

  /** The next number of a creation. It is written down, so that it does not come again after what it made is gone. */
  nextSerial(): number {
    this.write({ serial: this.serial + 1 });
    return this.serial;
  }

  put(resource: Held): void {
    this.write({ put: resource });
  }

  remove(resource: Held): void {
    this.write({ gone: keyOf(resource) });
  }

  /** What was made for a URN and may be unknown to the engine. */
  unconfirmed(type: string, urn: string): Held | undefined {
    return this.all(type).find((resource) => resource.urn === urn && resource.unconfirmed === true);
  }

  /** The engine knows the resource: it has spoken of it by its id. */
  confirm(type: string, id: string, urn: string): void {
    const held = this.find(type, id, urn);
    if (held?.unconfirmed === true) this.put({ ...held, unconfirmed: false });
  }

  /** By its id; where two resources have the same one, the URN tells them apart. */
  find(type: string, id: string, urn?: string): Held | undefined {
    const found = this.all(type).filter((resource) => resource.id === id);
    return found.find((resource) => resource.urn === urn) ?? found[0];
  }

  all(type?: string): Held[] {
    return [...this.held.values()].filter((resource) => type === undefined || resource.type === type);
  }

  /** What a model sees of the world. */
  view(account: string, region: string): Cloud {
    return { account, region, settled: true, find: (type, id) => this.find(type, id), all: (type) => this.all(type) };
  }

  private write(entry: Entry): void {
    this.apply(entry);
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  }

  private apply(entry: Entry): void {
    if ("gone" in entry) this.held.delete(entry.gone);
    else if ("put" in entry) this.held.set(keyOf(entry.put), entry.put);
    else this.serial = Math.max(this.serial, entry.serial);
  }

  private compact(file: string): void {
    const entries: Entry[] = [{ serial: this.serial }, ...this.all().map((put) => ({ put }))];
    writeFileSync(`${file}.new`, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

/** A line that a kill cut off is no line. */
function parse(line: string): Entry | undefined {
  try {
    return line === "" ? undefined : (JSON.parse(line) as Entry);
  } catch {
    return undefined;
  }
}

/** Stands for a secret where the world is written down. */
const seal = (value: unknown) => ({
  $secret: createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("hex")
    .slice(0, 16),
});

const isSeal = (value: unknown): boolean => typeof value === "object" && value !== null && "$secret" in value;

export const sealed = (values: Values, secrets: ReadonlySet<string>): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, secrets.has(name) ? seal(value) : value]));

/** Sealed values opened again, with what the asker knows of them; one that has changed since stays sealed, so a difference shows. */
export const unsealed = (values: Values, known: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isSeal(value) && name in known && JSON.stringify(seal(known[name])) === JSON.stringify(value)
        ? known[name]
        : value,
    ]),
  );

/** The cloud while only inputs are checked: it shows nothing. */
export const blindView = (account: string, region: string): Cloud => ({
  account,
  region,
  settled: false,
  find: () => undefined,
  all: () => [],
});
