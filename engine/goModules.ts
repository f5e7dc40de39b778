import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LANGUAGE_HOST_LAUNCHER, LAUNCHERS } from "./launchers";
import { parseVersion, type Version } from "./version";

/** A Go module of ours that locks the sources of one program of the engine. */
export interface GoModule {
  /** Folder with go.mod and go.sum. */
  readonly folder: string;
  /** The Go package of the program. */
  readonly program: string;
  /** File name of the program. */
  readonly binary: string;
}

const FOLDER = join(__dirname, "go");

export const PULUMI_MODULE: GoModule = {
  folder: join(FOLDER, "pulumi"),
  program: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  binary: "pulumi",
};

export const LANGUAGE_HOST_MODULE: GoModule = {
  folder: join(FOLDER, "language-nodejs"),
  program: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  binary: "language-nodejs-host",
};

function read(module: GoModule, file: string): string {
  return readFileSync(join(module.folder, file), "utf8");
}

/** The version of the CLI that our Go module locks, for example `3.259.0`. */
export function lockedPulumiVersion(): string {
  const match = /^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(read(PULUMI_MODULE, "go.mod"));
  if (!match?.[1]) throw new Error("engine/go/pulumi/go.mod does not name the version of pulumi/pkg");
  return match[1];
}

/** The oldest Go that can build the engine: the `go` line of our module. */
export function neededGo(): Version {
  const version = parseVersion(/^go (\S+)/m.exec(read(PULUMI_MODULE, "go.mod"))?.[1] ?? "");
  if (!version) throw new Error("engine/go/pulumi/go.mod has no go line");
  return version;
}

/** Name of the cache entry: changes with the versions, the platform, the locked sources and the launch scripts. */
export function engineKey(): string {
  const hash = createHash("sha256");
  for (const module of [PULUMI_MODULE, LANGUAGE_HOST_MODULE]) {
    hash.update(read(module, "go.mod")).update(read(module, "go.sum"));
  }
  hash.update(JSON.stringify([LAUNCHERS, LANGUAGE_HOST_LAUNCHER]));
  return `${lockedPulumiVersion()}-${process.platform}-${process.arch}-${hash.digest("hex").slice(0, 12)}`;
}
