import { join } from "node:path";
import { type RehearsedMocks, rehearsedMocks, settled } from "../../../rehearsal/mocks";
import { parseSettings, type RawSettings, type Settings } from "../../../settings";
import { readStackSettings } from "../../../settings/stackFile";
import { enterprise } from "../../../stacks/enterprise";
import type { StackOutputs } from "../../../stacks/outputs";
import { selfHosted } from "../../../stacks/selfHosted";
import { smallTeam } from "../../../stacks/smallTeam";
import { smb } from "../../../stacks/smb";
import { resolved } from "../../support/mocks";

const ROOT = join(__dirname, "../../..");

export interface MadeStack extends RehearsedMocks {
  readonly outputs: StackOutputs;
  readonly contract: Readonly<Record<string, string>>;
}

/** Makes the whole stack of `Pulumi.<stack>.yaml` in simulated clouds; all of it is made when this returns. */
export const makeStack = (stack: "smb" | "prod" | "team"): Promise<MadeStack> =>
  make(stack, readStackSettings(ROOT, stack).settings);

/** Makes the stack of these settings in simulated clouds. */
export const makeStackOf = (raw: RawSettings): Promise<MadeStack> => make("smb", parseSettings(raw, "smb").settings);

async function make(stack: string, settings: Settings): Promise<MadeStack> {
  const mocks = rehearsedMocks({ stack });
  const outputs = outputsOf(settings);
  await settled();
  return { ...mocks, outputs, contract: await resolved(outputs.contract) };
}

/** What stacks/index.ts does, which loads each tier only when it is asked for. */
function outputsOf(settings: Settings): StackOutputs {
  if (settings.tier === "small-team") return smallTeam(settings);
  if (settings.tier === "smb") return settings.database.host === "aws" ? smb(settings) : selfHosted(settings);
  if (settings.tier === "enterprise") return enterprise(settings);
  throw new Error(`no stack of tier ${settings.tier} here`);
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
