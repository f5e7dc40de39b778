"use strict";
// An engine that is killed cannot stop this process, which would wait for its calls forever. (The launch scripts in
// engine/ watch too, from the start; those of an official CLI do not.)
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit();
}, 2000).unref();

// The engine starts dynamic providers with plain Node, so TypeScript is made loadable here.
// Providers are named and not serialised: the state stays small, and a change of their code is no change of a resource.
require("tsx/cjs");

/** @param {"sqlite" | "folder" | "dotenv" | "postgres"} name */
module.exports = (name) => require(`./${name}/provider.ts`).provider;
