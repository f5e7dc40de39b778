import type { Command } from "commander";
import { URL_VARIABLE } from "../../schema/connection";
import { dropPlain, planDropPlain } from "../../schema/wallets/dropPlain";
import { encryptWallets, rotateWallets } from "../../schema/wallets/encrypt";
import type { StepResult } from "../../schema/wallets/passes";
import type { RowProblem } from "../../schema/wallets/rows";
import { type WalletStatus, walletStatus } from "../../schema/wallets/survey";
import { verifyWallets } from "../../schema/wallets/verify";
import { ExitCode, UserError } from "../../settings";
import { heading, print, printJson, printRows, progress, warn } from "../console";
import { addJson, addYes } from "../options";
import { showRows, withOwnedDatabase } from "../ownedDatabase";
import { consent } from "../run";
import { KEYS_VARIABLE, readKeyRing } from "../walletKeys";

interface Options {
  readonly json: boolean;
  readonly keys?: string;
}

/** `ladder wallets`: encryption of the wallet addresses in the database circle, and what follows from it. */
export function addWallets(program: Command): void {
  const wallets = program
    .command("wallets")
    .summary("encrypt the wallet addresses of circle, rotate their keys, remove the plain text")
    .description(
      `Works on the database circle that libpq's variables name (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGSSLMODE, PGDATABASE), or ${URL_VARIABLE}; as its owner. The keys come from --keys or ${KEYS_VARIABLE}.`,
    );
  add(wallets, "status", "tells how many wallets are encrypted, and under which keys").action(status);
  add(wallets, "encrypt", "encrypts the wallets that are not yet, while the application works").action(encrypt);
  add(wallets, "rotate", "puts all wallets under the current keys, while the application works").action(rotate);
  add(wallets, "verify", "decrypts each wallet and compares it; exit code 1 when one is wrong").action(verify);
  addYes(
    add(wallets, "drop-plain", "removes users.wallet_address, once every wallet is encrypted and compared"),
  ).action(removePlain);
}

function add(wallets: Command, name: string, description: string): Command {
  const command = wallets
    .command(name)
    .summary(description)
    .description(`${description[0]?.toUpperCase()}${description.slice(1)}.`)
    .option("--keys <file>", `file with the key ring (default: the variable ${KEYS_VARIABLE})`);
  return addJson(command);
}

async function status({ json, keys }: Options): Promise<void> {
  const ring = readKeyRing(keys);
  const found = await withOwnedDatabase("circle", (client) => walletStatus(client, ring));
  if (json) return printJson(found);
  print(heading("Wallets of circle"));
  printRows([
    ["users", String(found.users)],
    ["encrypted", String(found.encrypted)],
    ...found.keys.map(({ label, rows, known }): [string, string] => [
      `under ${label}`,
      `${rows}${noteOf(label, known, found)}`,
    ]),
    ["no wallet address", named(found.malformed.count, found.malformed.ids)],
    [
      "wallets twice",
      named(
        found.duplicates.count,
        found.duplicates.ids.map((ids) => ids.join(" and ")),
      ),
    ],
    ["plain column", found.plainColumn ? "still there" : "removed"],
  ]);
}

const noteOf = (label: string, known: boolean, { current }: WalletStatus): string =>
  known
    ? label === current
      ? " (current)"
      : " (older: npx ladder wallets rotate)"
    : " (THE KEY RING LACKS THESE KEYS)";

const named = (count: number, ids: readonly string[]): string =>
  count === 0 ? "0" : `${count}: users ${ids.join("; ")}${count > ids.length ? "; …" : ""}`;

async function encrypt({ json, keys }: Options): Promise<void> {
  const ring = readKeyRing(keys);
  progress("Encrypting wallets ...");
  const result = await withOwnedDatabase("circle", (client, signal) =>
    encryptWallets(client, ring, { signal, onProgress: showRows(progress) }),
  );
  finish(result, json, "encrypted", "Compare them: npx ladder wallets verify");
}

async function rotate({ json, keys }: Options): Promise<void> {
  const ring = readKeyRing(keys);
  progress(`Putting wallets under the keys ${ring.current} ...`);
  const result = await withOwnedDatabase("circle", (client, signal) =>
    rotateWallets(client, ring, { signal, onProgress: showRows(progress) }),
  );
  finish(
    result,
    json,
    `put under ${ring.current}`,
    "Older keys are named by no row. Keep them as long as backups from before are kept: those rows need them.",
  );
}

/** Tells what a step did; what it could not do is a failure. */
function finish({ done, problems, left, meanwhile }: StepResult, json: boolean, verb: string, next: string): void {
  if (json) printJson({ done, problems, left, meanwhile });
  if (problems.length > 0 || left > 0)
    throw new UserError(
      [
        `${done} wallets were ${verb}; ${problems.length + left} were not.`,
        ...lines(problems),
        ...(left > 0
          ? [`  - ${left} users were held by other transactions all the time: run the same command again`]
          : []),
      ].join("\n"),
      ExitCode.failed,
    );
  if (json) return;
  print(`${done} wallets were ${verb}. ${next}`);
  if (meanwhile > 0) print(`${meanwhile} users were written meanwhile: run the same command again.`);
}

const MOST = 20;
const lines = (problems: readonly RowProblem[]): string[] => [
  ...problems.slice(0, MOST).map(({ id, problem }) => `  - user ${id}: ${problem}`),
  ...(problems.length > MOST ? [`  - and ${problems.length - MOST} more`] : []),
];

async function verify({ json, keys }: Options): Promise<void> {
  const ring = readKeyRing(keys);
  progress("Decrypting and comparing each wallet ...");
  const found = await withOwnedDatabase("circle", (client, signal) =>
    verifyWallets(client, ring, { signal, onProgress: showRows(progress) }),
  );
  if (json) printJson(found);
  if (found.wrong > 0)
    throw new UserError(
      [
        `${found.wrong} of ${found.checked} wallets are wrong or not encrypted.`,
        ...lines(found.problems),
        ...(found.wrong > found.problems.length ? ["  - …"] : []),
      ].join("\n"),
      ExitCode.failed,
    );
  if (!json) print(`All ${found.checked} wallets are encrypted, and agree.`);
}

async function removePlain({ json, keys, yes }: Options & { readonly yes: boolean }): Promise<void> {
  const ring = readKeyRing(keys);
  const compared = await withOwnedDatabase("circle", async (client, signal) => {
    const dependents = await planDropPlain(client, ring);
    if (dependents === undefined) return undefined;
    for (const what of dependents.going) progress(`  goes with it: ${what}`);
    await consent(
      "Remove users.wallet_address for good? Whoever loses the wallet keys after that loses the wallets.",
      "ladder wallets drop-plain",
      { yes, json },
    );
    progress("Decrypting and comparing each wallet ...");
    return dropPlain(client, ring, { signal, onProgress: showRows(progress) });
  });
  if (json) return printJson({ dropped: compared !== undefined, compared: compared ?? 0 });
  if (compared === undefined) return print("users.wallet_address was removed before; nothing was changed.");
  print(`users.wallet_address was removed, after ${compared} wallets were compared with it.`);
  warn(
    "The values are hidden, not erased: they stay in the table's pages until VACUUM FULL public.users rewrites them, and in backups until these expire.",
  );
}
