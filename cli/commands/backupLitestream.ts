import { join } from "node:path";
import type { Command } from "commander";
import {
  LITESTREAM_VERSION,
  litestreamCommands,
  litestreamInstall,
  renderLitestreamConfig,
} from "../../local/backup/litestream";
import { print, progress } from "../console";
import { localPlaces } from "../local";
import { addStack } from "../options";
import { typedPath } from "../project";

/** `ladder backup litestream`: the configuration for point-in-time recovery with Litestream, which is optional. */
export function addLitestream(backup: Command): void {
  const command = backup
    .command("litestream")
    .summary("print a Litestream configuration (point-in-time recovery)")
    .description(
      "Prints a litestream.yml for the stack's database on standard output, and on standard error how to build and start Litestream.",
    )
    .option("--replica <place>", "a folder, or s3://bucket/path (default: backups/litestream)");
  addStack(command).action((stack: string, { replica }: { replica?: string }) => {
    const places = localPlaces(stack);
    const place = replica ?? join(places.backups, "litestream");
    print(
      renderLitestreamConfig(
        places.database,
        place.startsWith("s3://") ? { s3Url: place } : { folder: typedPath(place) },
      ),
    );
    progress(`Build Litestream ${LITESTREAM_VERSION}:  ${litestreamInstall}`);
    progress(`Replicate:  ${litestreamCommands.replicate("litestream.yml").join(" ")}`);
    progress(`Restore:    ${litestreamCommands.restore("litestream.yml", places.database, "<new file>").join(" ")}`);
  });
}
