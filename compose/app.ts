import { all } from "@pulumi/pulumi";
import { type ContractParts, contract } from "../components/app/contract";
import { type Condition, contained, healthcheck, type Service } from "./service";
import { settled } from "./settled";

export interface AppArgs {
  readonly image: string;
  /** Folder with a Dockerfile, from the Compose file. Default: the image is pulled. */
  readonly build?: string;
  readonly port: number;
  readonly memoryMiB: number;
  readonly parts: ContractParts;
  /** Services that it waits for. */
  readonly after: Readonly<Record<string, Condition>>;
  readonly volumes?: readonly string[];
}

/** The same nobody as in Kubernetes (components/kubernetes/pod.ts): an image that runs here runs there. */
export const USER = "10001:10001";

/** The application (S0-17, S1-62 to S1-65). One container: what the documents publish is one fixed port of the server. */
export async function app({ image, build, port, memoryMiB, parts, after, volumes }: AppArgs): Promise<Service> {
  return {
    image,
    ...(build === undefined ? {} : { build: { context: build } }),
    user: USER,
    restart: "unless-stopped",
    stop_grace_period: "30s",
    ...contained(memoryMiB, "application"),
    environment: await settled(all({ PORT: String(port), ...contract(parts) })),
    depends_on: Object.fromEntries(Object.entries(after).map(([service, condition]) => [service, { condition }])),
    healthcheck: healthcheck(["CMD-SHELL", `grep -qE '${listening(port)}' /proc/net/tcp /proc/net/tcp6`]),
    ports: [`${port}:${port}`],
    ...(volumes === undefined ? {} : { volumes }),
  };
}

/**
 * A line of /proc/net/tcp for a socket that listens (0A) on the port: as in Kubernetes, what listens there is taken to be well
 * (S1-50), and it takes no client that the image might lack.
 */
export const listening = (port: number): string =>
  `:${port.toString(16).toUpperCase().padStart(4, "0")} [0-9A-F]+:0000 0A `;
