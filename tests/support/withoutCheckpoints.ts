/**
 * For a run of the engine that nothing cuts off: it writes its state once, at the end, and not after each step, which for a stack of
 * hundreds of resources is a third of its work. A run that is to be killed must not have it.
 */
export const WITHOUT_CHECKPOINTS = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" } as const;
