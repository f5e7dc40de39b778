import { vi } from "vitest";

/** Runs `work` and returns all that it wrote to the console or to the standard streams, and what it threw. */
export function outputOf(work: () => unknown): string {
  const said: string[] = [];
  const keep = (...parts: unknown[]) => {
    said.push(parts.map(String).join(" "));
    return true;
  };
  const spies = [
    ...(["log", "info", "warn", "error", "debug"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(keep),
    ),
    vi.spyOn(process.stdout, "write").mockImplementation(keep),
    vi.spyOn(process.stderr, "write").mockImplementation(keep),
  ];
  try {
    const result = work();
    return [...said, JSON.stringify(result) ?? ""].join("\n");
  } catch (error) {
    return [...said, error instanceof Error ? `${error.stack}` : String(error)].join("\n");
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
