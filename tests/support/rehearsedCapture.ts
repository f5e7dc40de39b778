import { type CapturedStack, captureStack } from "./capture";
import { rehearsedStack } from "./clouds";
import type { Project } from "./project";

export interface RehearsedCapture {
  readonly stack: CapturedStack;
  /** The preview that it was captured from. */
  readonly previewJson: string;
}

/** Captures a stack of the project's copy: previews it and brings it up in simulated clouds. Takes about 20 seconds. */
export async function captureRehearsed(project: Project, name: string, place: string): Promise<RehearsedCapture> {
  const stack = await rehearsedStack(project, name, place);
  const previewJson = await stack.previewJson();
  const up = await stack.up();
  if (up.code !== 0) throw new Error(`stack ${name} did not come up:\n${up.said}`);
  const { said } = await stack.pulumi("stack", "export", "--show-secrets");
  return { previewJson, stack: captureStack(previewJson, said) };
}
