import { Exit, type WrongCase } from "./wrongCase";

/** What cannot be typed. */
const usage = (what: string, args: readonly string[], ...says: string[]): WrongCase => ({
  what,
  args,
  exitCode: Exit.usage,
  says,
});

export const wrongUsage: readonly WrongCase[] = [
  usage("no command at all", [], "Usage: ladder", "Commands:", "up"),
  usage("an unknown command", ["bogus"], "unknown command 'bogus'", "ladder --help"),
  usage("a misspelt command", ["statsu"], "unknown command 'statsu'", "Did you mean status?"),
  usage("an unknown option", ["up", "--bogus"], "unknown option '--bogus'", "ladder <command> --help"),
  usage("a misspelt option", ["status", "--jsn"], "unknown option '--jsn'", "Did you mean --json?"),
  usage("one argument too many", ["up", "dev", "more"], "too many arguments for 'up'", "Expected 1"),
  usage("an option without its value", ["restore", "--to"], "option '--to <file>' argument missing"),
  usage("a required option left out", ["restore"], "required option '--to <file>' not specified"),
  usage(
    "an unknown kind of backup",
    ["backup", "create", "--kind", "hourly"],
    "argument 'hourly' is invalid",
    "daily, weekly, monthly",
  ),
  usage("an unknown stack", ["up", "nope"], "no stack nope", "Pulumi.nope.yaml does not exist", "ladder status"),
  usage("a stack that is a path", ["status", "../dev"], 'stack "../dev"', "letters, digits"),
  usage("a stack without a name", ["status", ""], 'stack ""', "letters, digits"),
  usage("a misspelt backup command", ["backup", "verfy"], "no stack verfy", "Pulumi.verfy.yaml does not exist"),
  usage("a destroy that nobody can confirm", ["destroy"], "ladder destroy dev asks", "Add --yes"),
];
