/** `npm run bench -- [start|up|rehearse|backup|policy] [rounds]`: measures what bench/README.md tells about; without a name, all of it. */
import { main as benchBackup } from "./backup";
import { benchPolicy } from "./policy";
import { benchRehearse } from "./rehearse";
import { benchStart } from "./start";
import { benchUp } from "./up";

const BENCHES: Readonly<Record<string, (rounds?: number) => Promise<void>>> = {
  start: benchStart,
  up: benchUp,
  rehearse: benchRehearse,
  backup: benchBackup,
  policy: benchPolicy,
};

const EXIT_USAGE = 2;

async function run([name, rounds]: readonly string[]): Promise<void> {
  const chosen = name === undefined ? Object.values(BENCHES) : [BENCHES[name]];
  const count = rounds === undefined ? undefined : Number(rounds);
  for (const bench of chosen) {
    if (bench === undefined || (count !== undefined && !(Number.isInteger(count) && count > 0))) {
      console.error(`usage: npm run bench -- [${Object.keys(BENCHES).join("|")}] [rounds, a whole number from 1]`);
      process.exitCode = EXIT_USAGE;
      return;
    }
    await bench(count);
    console.log();
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
