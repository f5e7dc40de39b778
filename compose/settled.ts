import { type Input, output } from "@pulumi/pulumi";

/** The value of an input of the engine's: here nothing is known later only. */
export const settled = <T>(value: Input<T>): Promise<T> =>
  new Promise((resolve) => {
    output(value).apply((known) => resolve(known as T));
  });
