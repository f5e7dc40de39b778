import { join } from "node:path";
import type { Command } from "commander";
import { reportJson, reportText } from "../../promotion/assess/report";
import { assessSource, keepAssessment } from "../../promotion/machine/assessSource";
import { promotionsFolder } from "../../promotion/machine/folder";
import type { Wish } from "../../promotion/machine/next";
import { preview } from "../../promotion/machine/preview";
import { promote } from "../../promotion/machine/promote";
import { rehearse } from "../../promotion/machine/rehearse";
import type { Tell } from "../../promotion/machine/work";
import { whatResetRemoves } from "../../promotion/target/reset";
import { type Connection, connect, connectionFrom, URL_VARIABLE } from "../../schema/connection";
import { ExitCode, UserError } from "../../settings";
import { notice, print, printJson, progress } from "../console";
import { interruptible } from "../interrupt";
import { addJson, addStack, addYes } from "../options";
import { ROOT, refuseStackName } from "../project";
import { announcements } from "../promotion/announce";
import { applicationOf } from "../promotion/application";
import { askedOf, beginningOf, databaseFor } from "../promotion/beginning";
import { flipOf, makeNewTier, whatToName } from "../promotion/flip";
import { addPromoteOptions, type PromoteCommand } from "../promotion/options";
import { showOutcome } from "../promotion/outcome";
import { showPreview } from "../promotion/preview";
import { ProgressDisplay } from "../promotion/progress";
import { consent } from "../run";

/** `ladder promote`: the climb from SQLite to PostgreSQL while the application writes. */
export function addPromote(program: Command): void {
  const command = program
    .command("promote")
    .summary("move a stack from SQLite to PostgreSQL while its application writes, or back")
    .description(
      `Copies the SQLite file of a stack into the PostgreSQL database that libpq's variables name (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGSSLMODE, PGDATABASE), or ${URL_VARIABLE}, as its owner, while the application goes on writing; compares everything; and lets PostgreSQL take over. Each step can be taken back. May be stopped at any moment: the same command goes on.`,
    );
  addPromoteOptions(command);
  addJson(addYes(addStack(command))).action(run);
}

async function run(stack: string, command: PromoteCommand): Promise<void> {
  refuseStackName(stack);
  const wish = wishOf(command);
  const parent = promotionsFolder(ROOT, stack);
  const beginning = () => beginningOf(stack, command);
  const display = new ProgressDisplay(process.stderr);
  const tell = tellOn(display);
  const { workers } = command;
  if (command.plan) {
    const connection = isServerNamed(process.env) ? connectionTo(stack, parent, command) : undefined;
    const told = await interruptible((signal) =>
      preview({ stack, parent, beginning, workers, tell, signal, connection }),
    );
    display.clear();
    const announce = announcements(parent, command);
    return command.json ? printJson({ ...told, announce }) : showPreview(told, announce);
  }
  if (wish === "assess") {
    const { assessment } = await interruptible((signal) => assessSource(beginning(), { tell, signal }));
    const rules = keepAssessment(parent, assessment);
    display.clear();
    if (command.json) return print(reportJson(assessment));
    print(reportText(assessment));
    return print(`The whole report: ${join(parent, "assessment.md")}. Rulings, ready to edit: ${rules}`);
  }
  if (!command.rehearse && wish !== "rollback" && wish !== "retire") {
    await makeNewTier(stack, parent, command);
    if (command.settings !== undefined && !isServerNamed(process.env)) {
      const next = whatToName(stack);
      return command.json ? printJson({ stack, next }) : next.forEach((line) => void print(line));
    }
  }
  const connection = connectionTo(stack, parent, command);
  if (command.resetTarget) await nameWhatGoes(connection);
  await consent(questionOf(stack, command, connection), `ladder promote ${stack}`, command);
  const outcome = await interruptible((signal) =>
    (command.rehearse ? rehearse : promote)({
      parent,
      stack,
      wish,
      beginning,
      asked: askedOf(command),
      connection,
      workers,
      export: command.export,
      maxFreezeMs: command.maxFreeze,
      flip: flipOf(stack, parent, connection, command),
      ...applicationOf(connection, process.env),
      tell,
      signal,
    }),
  );
  display.clear();
  const announce = announcements(parent, command);
  if (command.json) printJson({ ...outcome, announce });
  else showOutcome(outcome, command.rehearse, announce);
}

const isServerNamed = (env: NodeJS.ProcessEnv): boolean => Boolean(env.PGHOST || env[URL_VARIABLE]);

const connectionTo = (stack: string, parent: string, command: PromoteCommand): Connection =>
  connectionFrom(process.env, databaseFor(stack, parent, command));

/** C-26: before anybody is asked whether it may go. */
async function nameWhatGoes(connection: Connection): Promise<void> {
  const client = await connect(connection);
  try {
    const names = await whatResetRemoves(client);
    progress(
      names.length === 0
        ? "There is nothing in the target to remove."
        : `To be removed from the target: ${names.join(", ")}`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What a promotion tells goes to standard error, a step in colour. */
function tellOn(display: ProgressDisplay): Tell {
  return {
    step(step, does, back) {
      display.clear();
      notice(`${step}: ${does}.`);
      progress(`  Way back: ${back}.`);
    },
    say(line) {
      display.clear();
      progress(line);
    },
    progress: display.report,
  };
}

function wishOf({ rollback, step, plan, rehearse, resetTarget }: PromoteCommand): Wish {
  const two = [
    rollback && "--rollback",
    step !== undefined && "--step",
    rehearse && "--rehearse",
    plan && "--plan",
  ].filter((name) => name !== false);
  if (two.length > 1)
    throw new UserError(`${two.join(" and ")} cannot be given together: take one of them.`, ExitCode.usage);
  if (rollback && resetTarget)
    throw new UserError("--rollback removes nothing that --reset-target would: leave one of them out.", ExitCode.usage);
  return rollback ? "rollback" : (step ?? "soak");
}

function questionOf(
  stack: string,
  { rollback, rehearse, step, resetTarget }: PromoteCommand,
  { host, port, database }: Connection,
): string {
  const place = `${host}:${port}/${database}`;
  if (rollback) return `Take the promotion of stack ${stack} into ${place} back?`;
  if (rehearse) return `Rehearse with a copy of the database of stack ${stack} in ${place}?`;
  if (step === "retire")
    return `Retire the promotion of stack ${stack} into ${place}? There is no way back after that.`;
  const first = resetTarget ? `Remove all that is in ${place}, and promote` : "Promote";
  return `${first} stack ${stack} into ${place}${step === undefined ? "" : `, up to ${step}`}?`;
}
