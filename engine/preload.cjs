"use strict";
// Loaded first wherever our TypeScript runs: by the engine (`nodeargs` in Pulumi.yaml) and by the command line. It makes
// TypeScript loadable, and halves the time that `--require=tsx/cjs` alone takes to start a program (bench/README.md).
// Packages are JavaScript already: tsx is for our own files, and would read and compile each of theirs once more.
const javascript = require.extensions[".js"];
require("tsx/cjs");
require.extensions[".js"] = javascript;
// Reading the maps of every package costs more than they tell: users never see a stack trace.
process.setSourceMapsEnabled(false);

require("./defer.cjs");

// When the engine was killed, what the program says has no reader any more. Each failed write would be told by another one, for
// ever and with all of a processor: a program without its engine has nothing left to do.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error) => {
    if (error.code === "EPIPE") process.exit(1);
  });
