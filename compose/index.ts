import type { SmallTeamSettings, SmbSettings } from "../settings";
import { projectName } from "./document";
import { type Rendered, rendered } from "./rendered";
import { smallTeamParts } from "./smallTeam";
import { smbParts } from "./smb";

export type { Rendered } from "./rendered";

export interface ComposeArgs {
  readonly stack: string;
  readonly settings: SmallTeamSettings | SmbSettings;
  /** Folder with the application's Dockerfile, from the Compose file. Default: its image is pulled. */
  readonly build?: string;
}

/** The Compose file of a stack for one plain Docker server, and what belongs beside it (C-30). The same settings give the same text. */
export async function renderCompose({ stack, settings, build }: ComposeArgs): Promise<Rendered> {
  const parts =
    settings.tier === "smb" ? await smbParts(settings, build) : await smallTeamParts(stack, settings, build);
  return rendered(stack, projectName(stack), parts);
}
