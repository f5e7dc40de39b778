import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { secretData } from "../../kubernetes/secretData";
import type { RoleSecret } from "./clusterSpec";
import { objectName } from "./names";
import { metadataOf, type Place } from "./place";

/** Role that reads everything, for dumps, and writes nothing. */
export const DUMP_ROLE = "platform_dump";

/** Letters and digits only, which no URL and no shell minds: about 238 bits. */
const PASSWORD_LENGTH = 40;

/** A role of the server. */
export interface RoleCredentials extends RoleSecret {
  /** Secret. */
  readonly password: pulumi.Output<string>;
}

/** A role with a generated password, in a Secret of the form that the operator takes. The password changes only when it is replaced. */
export function roleCredentials(
  name: string,
  role: string,
  place: Place,
  opts: pulumi.CustomResourceOptions,
): RoleCredentials {
  const part = `${name}-role-${objectName(role)}`;
  const generated = new random.RandomPassword(`${part}-password`, { length: PASSWORD_LENGTH, special: false }, opts);
  const password = pulumi.secret(generated.result);
  const secret = new kubernetes.core.v1.Secret(
    `${part}-secret`,
    {
      metadata: metadataOf(place, `role-${objectName(role)}`, { reload: true }),
      type: "kubernetes.io/basic-auth",
      data: secretData({ username: role, password }),
    },
    opts,
  );
  return { role, password, secretName: secret.metadata.name };
}
