"use strict";
// The engine starts dynamic providers with plain Node, so TypeScript is made loadable here.
// Providers are named and not serialised: the state stays small, and a change of their code is no change of a resource.
require("tsx/cjs");

/** @param {"sqlite" | "folder" | "dotenv"} name */
module.exports = (name) => require(`./${name}/provider.ts`).provider;
