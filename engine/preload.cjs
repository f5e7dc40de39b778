"use strict";
// Loaded first wherever our TypeScript runs: by the engine (`nodeargs` in Pulumi.yaml) and by the command line. It makes
// TypeScript loadable, and halves the time that `--require=tsx/cjs` alone takes to start a program (bench/README.md).
const Module = require("node:module");

// Packages are JavaScript already: tsx is for our own files, and would read and compile each of theirs once more.
const javascript = require.extensions[".js"];
require("tsx/cjs");
require.extensions[".js"] = javascript;
// Reading the maps of every package costs more than they tell: users never see a stack trace.
process.setSourceMapsEnabled(false);

// It maps every frame of the stack traces that the SDK takes for each promise: a third of a preview's time, for the same nothing.
const UNUSED = "source-map-support/register";

// The SDK loads these two, each as slow as all the rest of it, only to serialise functions, which nothing here asks for.
// Whatever does ask for them gets them.
const SELDOM_USED = new Set(["typescript", "@npmcli/arborist"]);
const SDK = /[\\/]@pulumi[\\/]pulumi[\\/][^\\/]*([\\/]closure[\\/][^\\/]*)?$/;

const load = Module._load;
Module._load = function loadOrDefer(request, parent, isMain) {
  if (request === UNUSED) return {};
  if (!SELDOM_USED.has(request) || !SDK.test(parent?.filename ?? "")) return load(request, parent, isMain);
  const whole = () => load(request, parent, isMain);
  return new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : whole()[key]) });
};

// When the engine was killed, what the program says has no reader any more. Each failed write would be told by another one, for
// ever and with all of a processor: a program without its engine has nothing left to do.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error) => {
    if (error.code === "EPIPE") process.exit(1);
  });
