import { join } from "node:path";
import { type RehearsedMocks, rehearsedMocks, settled } from "../../../rehearsal/mocks";
import { readStackSettings } from "../../../settings/stackFile";
import type { CloudOutputs } from "../../../stacks/cloudOutputs";
import { enterprise } from "../../../stacks/enterprise";
import { smb } from "../../../stacks/smb";
import { resolved } from "../../support/mocks";

const ROOT = join(__dirname, "../../..");

export interface MadeStack extends RehearsedMocks {
  readonly outputs: CloudOutputs;
  readonly contract: Readonly<Record<string, string>>;
}

/** Makes the whole stack of `Pulumi.<stack>.yaml` in simulated clouds; all of it is made when this returns. */
export async function makeStack(stack: "smb" | "prod"): Promise<MadeStack> {
  const { settings } = readStackSettings(ROOT, stack);
  const mocks = rehearsedMocks({ stack });
  const outputs =
    settings.tier === "smb" ? smb(settings) : settings.tier === "enterprise" ? enterprise(settings) : none();
  await settled();
  return { ...mocks, outputs, contract: await resolved(outputs.contract) };
}

function none(): never {
  throw new Error("the stack is of another tier than its name says");
}

interface Deployment {
  readonly template: {
    readonly spec: { readonly containers: readonly { readonly env: readonly Variable[] }[] };
  };
}
interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

/** The application's environment as its container gets it; what comes from a Secret is read there. */
export function environment({
  one,
  all,
}: MadeStack): Map<string, { readonly value: string; readonly secret?: string }> {
  const spec = one("apps/v1:Deployment").inputs.spec as Deployment;
  const secrets = new Map(
    all("core/v1:Secret").map(({ inputs }) => [Reflect.get(Object(inputs.metadata), "name"), Object(inputs.data)]),
  );
  const read = (secret: string, key: string): string =>
    Buffer.from(String(Reflect.get(secrets.get(secret) ?? {}, key)), "base64").toString("utf8");
  const variables = spec.template.spec.containers[0]?.env ?? [];
  return new Map(
    variables.map(({ name, value = "", valueFrom }) => {
      if (valueFrom === undefined) return [name, { value }];
      const { name: secret, key } = valueFrom.secretKeyRef;
      return [name, { value: read(secret, key), secret }];
    }),
  );
}
