import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderPolicyDocs } from "../../../policy/docs";
import { PROJECT } from "./copy";

test("docs/policies.md is what the rules say; otherwise run `npm run docs`", () => {
  expect(readFileSync(join(PROJECT, "docs", "policies.md"), "utf8")).toBe(renderPolicyDocs());
});
