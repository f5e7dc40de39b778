import { describe, expect, it } from "vitest";
import { ExitCode, parseSettings } from "../../../settings";
import { type LocalStack, sharedPlaces } from "../../../settings/places";

function stack(name: string, own: Record<string, unknown> = {}): LocalStack {
  const { settings } = parseSettings({ tier: "development", users: 10, ...own }, name);
  if (settings.tier !== "development") throw new Error("not a development stack");
  return { stack: name, settings };
}

const apart = (folder: string) => ({
  database: { path: `${folder}/ai_company.db` },
  files: { path: `${folder}/uploads` },
  backup: { path: `${folder}/backups` },
  app: { envFile: `${folder}/.env` },
});

describe("the places of the development stacks of one project", () => {
  const dev = stack("dev");

  it("may lie beside each other, and a stack is not its own neighbour", () => {
    expect(sharedPlaces(dev, [dev, stack("second", apart("second")), stack("third", apart("third"))])).toBeUndefined();
    expect(
      sharedPlaces(dev, [stack("second", { ...apart("s"), database: { path: "database/s.db" } })]),
    ).toBeUndefined();
    expect(sharedPlaces(dev, [stack("second", { ...apart("s"), backup: { path: "backups2" } })])).toBeUndefined();
  });

  it.each([
    ["the same database", { database: { path: "database/ai_company.db" } }, "database.path", "database.path"],
    ["the same files", { files: { path: "./uploads/" } }, "files.path", "files.path"],
    ["the same backups", { backup: { path: "backups" } }, "backup.path", "backup.path"],
    ["the same .env", { app: { envFile: ".env" } }, "app.envFile", "app.envFile"],
    ["files around a database", { files: { path: "database" } }, "files.path", "database.path"],
    ["backups in files", { backup: { path: "uploads/b" } }, "backup.path", "files.path"],
    ["a database in backups", { database: { path: "backups/x.db" } }, "database.path", "backup.path"],
  ])("refuses %s, whichever stack is named", (_what, own, theirs, mine) => {
    const second = stack("second", { ...apart("second"), ...own });
    for (const [one, key, other, otherKey] of [
      [second, theirs, dev, mine],
      [dev, mine, second, theirs],
    ] as const) {
      const refusal = sharedPlaces(one, [dev, second]);
      expect(refusal?.exitCode).toBe(ExitCode.usage);
      const lines = refusal?.message.split("\n").filter((line) => line.startsWith("  - "));
      expect(lines).toHaveLength(1);
      expect(lines?.[0]).toMatch(
        new RegExp(`${key} of stack ${one.stack} is ".+", ${otherKey} of stack ${other.stack} is "`),
      );
    }
  });

  it("tells every place of a copied settings file", () => {
    expect(sharedPlaces(dev, [dev, stack("copy")])?.message.match(/ {2}- /g)).toHaveLength(4);
  });
});
