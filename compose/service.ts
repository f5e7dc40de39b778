/** The part of the Compose specification (github.com/compose-spec/compose-spec) that is rendered here. */

export interface Healthcheck {
  readonly test: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly retries: number;
  readonly start_period: string;
}

/** `service_healthy` of what serves, `service_completed_successfully` of what prepares and ends, `service_started` of what tells neither. */
export type Condition = "service_started" | "service_healthy" | "service_completed_successfully";

export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string };
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: Condition }>>;
  readonly healthcheck?: Healthcheck;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly networks?: Readonly<Record<string, { readonly aliases: readonly string[] }>>;
  readonly restart: "unless-stopped" | "no" | "on-failure:5";
  readonly stop_grace_period?: string;
  readonly mem_limit: string;
  readonly shm_size?: string;
  readonly cpu_shares: number;
  readonly pids_limit: number;
  readonly read_only: true;
  readonly cap_drop: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt: readonly string[];
  readonly logging: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
}

/** A variable that the Compose file reads from `.env`. */
export interface Variable {
  readonly name: string;
  /** What it is, in a few words, for the example file. */
  readonly purpose: string;
  /** `generated`: any random text will do; `given`: only the user has it; a text: what holds where it is not set. */
  readonly value: "generated" | "given" | { readonly default: string };
}

/** What one part of the platform adds. */
export interface Part {
  readonly services: Readonly<Record<string, Service>>;
  /** Named volumes. */
  readonly volumes: readonly string[];
  /** Files beside the Compose file: path and text. */
  readonly files: Readonly<Record<string, string>>;
  readonly variables: readonly Variable[];
}

/** Relative weights where containers want more CPU than there is. A hard limit would not start on a smaller machine. */
export type Weight = "data" | "application" | "helper";
const CPU_SHARES: Readonly<Record<Weight, number>> = { data: 2048, application: 1024, helper: 256 };

/** Nothing can fill the disk with what it writes to its log: 50 MB each. */
const LOGGING = { driver: "json-file", options: { "max-size": "10m", "max-file": "5" } };

/** What all containers have in common: nothing to gain, nothing to write outside of volumes and /tmp, limits. */
export const contained = (memoryMiB: number, weight: Weight) =>
  ({
    read_only: true,
    tmpfs: ["/tmp"],
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    mem_limit: `${memoryMiB}m`,
    cpu_shares: CPU_SHARES[weight],
    pids_limit: 512,
    logging: LOGGING,
  }) as const;

/** Memory of a container that prepares something and ends. */
export const HELPER_MIB = 256;

export const healthcheck = (test: readonly string[]): Healthcheck => ({
  test,
  interval: "10s",
  timeout: "5s",
  retries: 6,
  start_period: "60s",
});

/** A port that only this machine reaches, unless BIND_ADDRESS says otherwise. */
export const localPort = (outside: number, inside: number): string =>
  `${reference("BIND_ADDRESS")}:${outside}:${inside}`;

export const BIND_ADDRESS: Variable = {
  name: "BIND_ADDRESS",
  purpose: "address of this server at which databases can be reached",
  value: { default: "127.0.0.1" },
};

/**
 * Stands for the value of a variable until the file is written. It is made of what no URL encodes, so that it goes through the
 * contract as a password would.
 */
export const reference = (name: string): string => `__${name}__`;

/** Replaces references by what Compose puts values in for, and keeps any other `$` from being taken for one. */
export function interpolated<T>(value: T, variables: readonly Variable[]): T {
  const known = new Map(variables.map((variable) => [variable.name, variable]));
  const fill = (each: unknown): unknown => {
    if (typeof each === "string")
      return each.replaceAll("$", "$$$$").replace(/__([A-Z0-9]+(?:_[A-Z0-9]+)*)__/g, (_all, name: string) => {
        const variable = known.get(name);
        if (variable === undefined) throw new Error(`no variable ${name} is declared`);
        return interpolation(variable);
      });
    if (Array.isArray(each)) return each.map(fill);
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, fill(inner)]));
  };
  return fill(value) as T;
}

const interpolation = ({ name, value }: Variable): string =>
  typeof value === "object" ? `\${${name}:-${value.default}}` : `\${${name}:?set it in .env}`;
