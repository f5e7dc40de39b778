import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

/** The environment of a container. Pure. */

export type EnvVar = types.input.core.v1.EnvVar;

export const plain = (values: Readonly<Record<string, Input<string>>>): EnvVar[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

export const secret = (name: string, secretName: Input<string>, key: string): EnvVar => ({
  name,
  valueFrom: { secretKeyRef: { name: secretName, key } },
});
