import { distance } from "fastest-levenshtein";

/** `did you mean users?`, or what there is when nothing is near. At most `shown` names are listed. */
export function nearestOf(word: string, known: readonly string[], shown = 12): string {
  const [best] = known
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  if (best !== undefined && best.far <= Math.max(2, Math.floor(word.length / 3))) return `Did you mean ${best.name}?`;
  if (known.length === 0) return "There are none.";
  const more = known.length > shown ? `, and ${known.length - shown} more` : "";
  return `There are: ${known.slice(0, shown).join(", ")}${more}.`;
}
