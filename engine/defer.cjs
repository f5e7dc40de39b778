"use strict";
// What the SDK of the engine loads and nothing here needs. Loaded before the SDK, by programs (preload.cjs) and, compiled into
// it, by the policy pack (policy/build.ts).
const Module = require("node:module");

// It maps every frame of the stack traces that the SDK takes for each promise: a third of a preview's time, for nothing that users see.
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
