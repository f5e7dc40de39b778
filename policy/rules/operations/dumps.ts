import { type Judgements, unverified, violated } from "../../checks/property";
import { readFlag, readList, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { ALWAYS, type Rule, type StackRule } from "../../rule";

const JOB = "kubernetes:batch/v1:CronJob";
const DATABASE = "scaling-ladder:database:";
const DUMPS = "scaling-ladder:backup:DumpJobs";

/** How often a job runs, by its schedule: minute, hour, day of the month, month, day of the week. */
const SCHEDULES = {
  daily: /^\d+ \d+ \* \* \*$/,
  weekly: /^\d+ \d+ \* \* (\d|[a-z]{3})$/i,
  monthly: /^\d+ \d+ \d+ \* \*$/,
} as const;
const KINDS = ["daily", "weekly", "monthly"] as const;
type Kind = (typeof KINDS)[number];

/** Names of the databases of a stack's PostgreSQL, whether these are all, and the server to tell of them. */
function databasesOf(stack: StackView): {
  readonly names: ReadonlySet<string>;
  readonly unknown: boolean;
  readonly urn?: string;
} {
  const servers = stack.resources.filter(
    ({ type, props }) => type.startsWith(DATABASE) && isText(props, "kind", "postgresql"),
  );
  // The first by name, so that the order in which resources come changes nothing.
  const [urn] = servers.map((server) => server.urn).sort();
  if (urn === undefined) return { names: new Set(), unknown: false };
  const dumped = stack.ofType(DUMPS).flatMap(({ props }) => {
    const list = readList(props, "catalogue");
    return list.state === "known"
      ? list.value.map((_, index) => readText(list.value, index))
      : [readText(props, "catalogue")];
  });
  const all = [...servers.map(({ props }) => readText(props, "databaseName")), ...dumped];
  return {
    names: new Set(all.flatMap((name) => (name.state === "known" ? [name.value] : []))),
    unknown: all.some(({ state }) => state === "unknown"),
    urn,
  };
}

const isText = (props: StackResource["props"], property: string, text: string): boolean => {
  const reading = readText(props, property);
  return reading.state === "known" && reading.value === text;
};

/** A job that dumps: which database (PGDATABASE is PostgreSQL's own name for it) and how often. */
interface Dump {
  readonly database: string | undefined;
  readonly kind: Kind | undefined;
  readonly unknown: boolean;
}

function databaseOf(job: StackResource): ReturnType<typeof readText> {
  const pod = ["spec", "jobTemplate", "spec", "template", "spec"];
  const containers = readList(job.props, ...pod, "containers");
  if (containers.state !== "known") return containers;
  const variables = containers.value.flatMap((container) => {
    const list = readList(container, "env");
    return list.state === "known" ? list.value : [];
  });
  const database = variables.find((variable) => isText(variable, "name", "PGDATABASE"));
  return database === undefined ? { state: "absent" } : readText(database, "value");
}

function dumpOf(job: StackResource): Dump {
  const database = databaseOf(job);
  const schedule = readText(job.props, "spec", "schedule");
  const kind = KINDS.find((name) => schedule.state === "known" && SCHEDULES[name].test(schedule.value.trim()));
  return {
    database: database.state === "known" ? database.value : undefined,
    kind,
    unknown: database.state === "unknown" || (database.state === "known" && schedule.state === "unknown"),
  };
}

/** A suspended job never runs. */
function isSuspended({ props }: StackResource): boolean {
  const suspend = readFlag(props, "spec", "suspend");
  return suspend.state === "known" ? suspend.value : suspend.state === "mistyped";
}

function judge(stack: StackView): Judgements {
  const { names, unknown, urn } = databasesOf(stack);
  const dumps = stack
    .ofType(JOB)
    .filter((job) => !isSuspended(job))
    .map(dumpOf);
  const missing = [...names].flatMap((name) => {
    const kinds = KINDS.filter((kind) => !dumps.some((dump) => dump.database === name && dump.kind === kind));
    return kinds.length === 0 ? [] : [{ name, kinds }];
  });
  const doubtful = dumps.some((dump) => dump.unknown);
  const judgements = missing.flatMap(({ kinds }) =>
    doubtful
      ? unverified("What a dump is of, or when it runs, is", urn)
      : violated(`A database has no ${kinds.join(" and no ")} dump.`, urn),
  );
  return unknown ? [...judgements, ...unverified("The name of a database is", urn)] : judgements;
}

const dumpSchedules: StackRule = {
  scope: "stack",
  name: "dump-schedules",
  description: "Every database is dumped daily, weekly and monthly, by itself.",
  why: "A dump can be read without the server that it came from, and on another one: it is the last way back.",
  remedy: "Make `DumpJobs` with every logical database in its `catalogue` (`scaling-ladder:database.catalogue`).",
  ids: ["S4-47", "S4-48", "S4-49", "S4-50", "C-39"],
  levels: ALWAYS,
  check: judge,
};

/** Dumps beside the backups of the server. */
export const dumpRules: readonly Rule[] = [dumpSchedules];
