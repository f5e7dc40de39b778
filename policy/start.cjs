"use strict";
// Where the pack starts, as a directory and as an executable file alike. It runs compiled, because that starts in a
// fraction of the time; what is compiled is checked first, so that nobody is judged by yesterday's rules.
const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const compiled = join(__dirname, "bin");
const freshness = join(compiled, "fresh.js");

function isFresh() {
  return existsSync(freshness) && require(freshness).isFresh(__dirname);
}

function compile() {
  // Standard output carries the port to the engine and nothing else: the compiler writes to standard error.
  const build = spawnSync(process.execPath, [require.resolve("tsx/cli"), join(__dirname, "build.ts")], {
    stdio: ["ignore", 2, 2],
  });
  if (build.status !== 0) {
    console.error(
      "The policy pack could not be compiled, for the reason above, so nothing was judged. " +
        "If packages are missing, run `npm install`; the folder policy/bin must be writable.",
    );
    process.exit(1);
  }
}

if (!isFresh()) compile();
// The SDK reads the version of the pack from the working directory, which is the user's program's.
process.chdir(__dirname);
// Before the SDK, which would else load two compilers that no policy needs.
require(join(compiled, "defer.js"));
require(join(compiled, "index.js"));
