import { type Reading, read, readList, readText } from "../../reading/reader";
import type { Value } from "../../reading/value";

/** A variable of a container; what a ConfigMap or a Secret supplies cannot be seen from here. */
export function environmentOf(container: Value, wanted: string): Reading<unknown> {
  const list = readList(container, "env");
  if (list.state !== "known") return list.state === "unknown" ? list : { state: "absent" };
  const names = list.value.map((entry) => readText(entry, "name"));
  const at = names.findIndex((name) => name.state === "known" && name.value === wanted);
  if (at < 0) return names.find(({ state }) => state === "unknown") ?? { state: "absent" };
  return read(list.value, at, "valueFrom").state === "absent"
    ? read(list.value, at, "value")
    : { state: "unknown", secret: false };
}
