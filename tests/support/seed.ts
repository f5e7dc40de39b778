import fc from "fast-check";

// Properties try the same values in each run, so that a failure is of the change and not of the day. LADDER_SEED=<number> tries others.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.LADDER_SEED ?? 1) });
