export * from "./codec";
export * from "./plan";
export * from "./rules";
export * from "./run";
export * from "./source";
export * from "./value";
