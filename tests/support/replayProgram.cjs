"use strict";
// Registers a captured stack again: by type tokens alone, so that it starts without loading any SDK of a cloud. The stack is
// in the file that REPLAY names; `described.ts` and `capture.ts` beside the original of this file tell its form.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");

// The SDK takes a stack trace for each of its promises; nobody reads them here.
Error.stackTraceLimit = 0;

const { resources, outputs } = JSON.parse(readFileSync(process.env.REPLAY, "utf8"));
const made = new Map();

/** The outputs of each resource that others use: the SDK gives only those that it was told of. */
const used = new Map();
JSON.stringify([resources, outputs], (_, value) => {
  const [output] = value?.$output ?? [];
  if (output !== undefined && output !== "id") used.set(value.$from, [...(used.get(value.$from) ?? []), output]);
  return value;
});

/** The value of a description; `from` are resources that it depends on besides. */
function build(value, from) {
  if (Array.isArray(value)) return value.map((item) => build(item, from));
  if (typeof value !== "object" || value === null) return from.length === 0 ? value : after(from, "urn", value);
  if ("$secret" in value) return pulumi.secret(build(value.$secret, from));
  if ("$from" in value) return referred(value, from);
  if ("$join" in value) return pulumi.all(build(value.$join, from)).apply((parts) => parts.join(""));
  if ("$base64" in value)
    return pulumi.output(build(value.$base64, from)).apply((text) => Buffer.from(text).toString("base64"));
  if ("$later" in value) return after([value.$by, ...from], "id", value.$later);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, build(item, from)]));
}

/** A value that is known when these outputs are: a URN is from the beginning, an id only when the resource is there. */
function after(urns, output, value) {
  const there = urns.filter((urn) => made.has(urn)).map((urn) => made.get(urn)[output]);
  return pulumi.all([value, ...there]).apply(([same]) => same);
}

function referred({ $from, $output: [output, ...path], $was }, from) {
  const resource = made.get($from);
  if (resource === undefined) return build($was, from);
  return pulumi
    .all([resource[output], resource.id, build(null, from)])
    .apply(([value]) => path.reduce((inner, key) => inner[key], value));
}

const buildAll = (values, from) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, build(value, from[name] ?? [])]));

function register(resource) {
  const { urn, type, name, custom, parent, provider, version } = resource;
  const inputs = buildAll(resource.inputs, resource.madeFrom);
  const wanted = Object.fromEntries((used.get(urn) ?? []).map((output) => [output, undefined]));
  const options = {
    ...resource.options,
    parent: made.get(parent),
    provider: made.get(provider),
    version,
    dependsOn: resource.after.flatMap((one) => made.get(one) ?? []),
  };
  const sdk = type.replace(/^pulumi:providers:/, "");
  if (sdk !== type) return new pulumi.ProviderResource(sdk, name, { ...wanted, ...inputs }, options);
  if (custom) return new pulumi.CustomResource(type, name, { ...wanted, ...inputs }, options);
  return new pulumi.ComponentResource(type, name, inputs, options);
}

for (const resource of resources) made.set(resource.urn, register(resource));
for (const { urn, custom, outputs: registered } of resources)
  if (!custom) made.get(urn).registerOutputs(buildAll(registered, {}));

module.exports = buildAll(outputs, {});
