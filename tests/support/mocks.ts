import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Lets components be made without an engine: every resource gets its inputs back as its state. Returns
 * what was registered, in order.
 */
export function mockEngine(): Registered[] {
  const registered: Registered[] = [];
  pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        registered.push({ type, name, inputs });
        return { id: `${name}-id`, state: inputs };
      },
      call: ({ inputs }) => inputs,
    },
    "scaling-ladder",
    "dev",
    false,
  );
  return registered;
}

/** The value of an output, once it is known. */
export const resolved = <T>(value: pulumi.Input<T>): Promise<T> =>
  new Promise((done) => void pulumi.output(value).apply((known) => done(known as T)));
