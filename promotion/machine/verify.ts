import { join } from "node:path";
import { ExitCode, UserError } from "../../settings/errors";
import { comparedNow } from "../cutover/rest";
import { catchUp } from "../replay/forward";
import { removeForeignKeys } from "../target/later";
import { prove } from "../verify/prove";
import { judged, type Verdict, verdictMarkdown } from "../verify/verdict";
import { writeWhole } from "./folder";
import { note } from "./notes";
import type { Figures, Work } from "./work";

/**
 * Compares both sides wholly while the application writes, and writes the verdict.
 * @throws UserError `refused` when anything differs. Rows whose parent is missing are the same on both sides, and do not stand in the way.
 */
export async function verify({ run, db, client, promotion, folder, tell }: Work): Promise<Figures> {
  const { quarantine } = promotion;
  const follow = () => catchUp(run, { quarantine });
  // A cut-over that was killed before its decision left them, and rows come in any order again.
  await removeForeignKeys(client);
  await follow();
  const compared = comparedNow(db);
  const verdict = await prove(run, {
    catchUp: follow,
    // A table without a key would be copied again each time.
    follow: () => catchUp(run, { quarantine, keyless: false }),
  });
  const file = join(folder.path, "verdict.md");
  writeWhole(join(folder.path, "verdict.json"), `${JSON.stringify(verdict, null, 2)}\n`);
  writeWhole(file, verdictMarkdown(verdict));
  if (!judged({ ...verdict, foreignKeys: [] }).identical) throw notIdentical(verdict, file);
  for (const { table, name, orphans } of verdict.foreignKeys.filter((key) => key.orphans > 0))
    tell.say(
      `Foreign key ${name} of ${table}: ${orphans} rows name a parent that is not there, in SQLite too. It will guard new rows only.`,
    );
  await note(client, { done: "verify", compared });
  return {
    verdict: file,
    tables: verdict.tables.length,
    rows: verdict.tables.reduce((sum, { rows }) => sum + rows.target, 0),
    quarantined: verdict.tables.reduce((sum, { quarantined }) => sum + quarantined, 0),
  };
}

function notIdentical({ differences, tables }: Verdict, file: string): UserError {
  const named =
    differences.length > 0
      ? differences.slice(0, 5)
      : tables
          .filter(({ differing, more, rows }) => differing > 0 || more || rows.source !== rows.target)
          .map(({ target, rows }) => `${target}: ${rows.source} rows in SQLite, ${rows.target} in PostgreSQL`);
  const more = differences.length > named.length ? ` and ${differences.length - named.length} more` : "";
  return new UserError(
    `PostgreSQL does not hold what SQLite holds: ${named.join("; ")}${more}. All of it: ${file}. SQLite serves on and nothing is lost. Go back with --rollback, and begin again.`,
    ExitCode.refused,
  );
}
