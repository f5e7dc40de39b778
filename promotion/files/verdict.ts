import { describeLeft } from "./move";
import type { RowsVerdict } from "./rows/verify";
import type { FolderVerdict } from "./verify";

/** The verdict on a folder, for the report of a promotion: Markdown without a heading. */
export function folderVerdictText(verdict: FolderVerdict): string {
  const { folder, store, files, bytes, objects, objectBytes, others, full, agrees, differences, left } = verdict;
  const number = (value: number): string => value.toLocaleString("en-US");
  return [
    `Files of ${folder} and objects of ${store}: **${agrees ? "the same" : "NOT the same"}**.`,
    "",
    "| | count | bytes |",
    "|---|---|---|",
    `| files | ${number(files)} | ${number(bytes)} |`,
    `| objects | ${number(objects)} | ${number(objectBytes)} |`,
    "",
    full
      ? "Every file and every object was read, and their SHA-256 compared."
      : "Every object was read back when it was stored, and its SHA-256 compared with the file's; sizes, times and ETags are still what they were then.",
    ...(others > 0
      ? [`${number(others)} objects in the bucket are not of this promotion; they were not touched.`]
      : []),
    ...(differences.count > 0 ? [`${number(differences.count)} differences:`, ...describeLeft(differences)] : []),
    ...(left.count > 0
      ? [`${number(left.count)} entries of the folder cannot be objects:`, ...describeLeft(left)]
      : []),
  ].join("\n");
}

/** The same for the files of 4g3n7db. */
export function rowsVerdictText({ agrees, store, places, objects, bytes, differences }: RowsVerdict): string {
  const counts = Object.entries(places).map(([place, count]) => `${place} ${count}`);
  return [
    `Rows of "File" and objects of ${store}: **${agrees ? "the same" : "NOT the same"}**.`,
    `Rows by storageType: ${counts.join(", ") || "none"}. ${objects} objects (${bytes} bytes) were read.`,
    ...(differences.count > 0 ? [`${differences.count} differences:`, ...describeLeft(differences)] : []),
  ].join("\n");
}
