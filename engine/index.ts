/** Finds or builds the Pulumi engine, settles its state and secrets, and runs it safely. */
export { isInOwnState } from "./checkpoint";
export { type EngineEnvironment, engineEnvironment } from "./environment";
export { EngineError } from "./errors";
export { findEngine, readyEngine } from "./find";
export { installerReachable } from "./installer";
export { findExecutable } from "./onPath";
export { backendUrl, placesOf } from "./places";
export { holdProject } from "./projectLock";
export { type RecoverOptions, recoverStack } from "./recover";
export { type RunOptions, type RunResult, runPulumi } from "./run";
export { shellExports } from "./shellExports";
export { withCleanStackFiles } from "./stackFiles";
export type { Engine, EngineCommand, FindOptions, Progress } from "./types";
