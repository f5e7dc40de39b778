/** `npm run bench -- [name] [rounds]`: measures what bench/README.md tells about; without a name, all of it. */
import { benchArchive } from "./archive";
import { main as benchBackup } from "./backup";
import { benchFiles } from "./files";
import { benchPgloader } from "./pgloader";
import { benchPolicy } from "./policy";
import { benchPromotion } from "./promotion";
import { benchPromotionLinear } from "./promotionLinear";
import { benchPromotionLive } from "./promotionLive";
import { benchRehearse } from "./rehearse";
import { benchStart } from "./start";
import { benchUp } from "./up";

const BENCHES: Readonly<Record<string, (rounds?: number, write?: boolean) => Promise<void>>> = {
  start: benchStart,
  up: benchUp,
  rehearse: benchRehearse,
  backup: benchBackup,
  policy: benchPolicy,
  archive: benchArchive,
  promotion: benchPromotion,
  "promotion-live": benchPromotionLive,
  "promotion-linear": benchPromotionLinear,
  pgloader: benchPgloader,
  files: benchFiles,
};

const EXIT_USAGE = 2;

/** `--write`: a bench that has a place in the documents writes into it what it found. */
async function run(words: readonly string[]): Promise<void> {
  const write = words.includes("--write");
  const [name, rounds] = words.filter((word) => word !== "--write");
  const chosen = name === undefined ? Object.values(BENCHES) : [BENCHES[name]];
  const count = rounds === undefined ? undefined : Number(rounds);
  for (const bench of chosen) {
    if (bench === undefined || (count !== undefined && !(Number.isInteger(count) && count > 0))) {
      console.error(`usage: npm run bench -- [${Object.keys(BENCHES).join("|")}] [rounds, a whole number from 1]`);
      process.exitCode = EXIT_USAGE;
      return;
    }
    await bench(count, write);
    console.log();
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
