import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * Values as the `data` of a Kubernetes Secret wants them, marked secret. `data` and not `stringData`: a key that is taken out
 * of `stringData` stays in the cluster.
 */
export const secretData = (
  values: Readonly<Record<string, pulumi.Input<string>>>,
): pulumi.Output<Record<string, string>> =>
  pulumi.secret(
    pulumi
      .all(values)
      .apply((plain) =>
        Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
      ),
  );

/** Part of a hash over secret values: changes with any of them, and is too short to tell one. */
export const checksumOf = (secrets: readonly pulumi.Input<string>[]): pulumi.Output<string> =>
  pulumi.unsecret(
    pulumi
      .all([...secrets])
      .apply((values) => createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16)),
  );
