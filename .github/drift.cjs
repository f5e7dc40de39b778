// Reads what `ladder preview --json` printed, and fails when something was changed behind the engine's back. Values are
// left out: some are secrets, and the log of a run is read by more people than the state.
const { readFileSync } = require("node:fs");

const { drift, steps } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const mark = process.env.GITHUB_ACTIONS ? "::error::" : "";
for (const { resource, property } of drift) console.log(`${mark}${resource}: ${property ?? "the resource is gone"}`);
for (const { op, urn } of steps) console.log(`up would ${op} ${urn}`);
process.exitCode = drift.length > 0 ? 1 : 0;
