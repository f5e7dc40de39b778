import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { types } from "@pulumi/kubernetes";
import type { RehearsedMocks } from "../../../rehearsal/mocks";
import type { Ended } from "../../servers/run";
import { type Running, start } from "./process";

/**
 * Runs the pods of migrations on this machine: the containers' own commands one after the other, with the files of the ConfigMaps and
 * Secrets that their volumes name, and the variables of the Secrets that they name. What the cloud got is what is run.
 */

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;
type Data = Readonly<Record<string, string>>;

export interface PodOptions {
  /** Programs of the images, before those of this machine. */
  readonly path?: string;
  /** Variables of all containers, such as those of a fake program. */
  readonly env?: Readonly<Record<string, string>>;
  /** Texts in the plan and what stands there instead: what a test cannot give its real name. */
  readonly rename?: Readonly<Record<string, string>>;
}

export interface StartedPod {
  /** The container that runs the program; the others have ended. */
  readonly running: Running;
  readonly ended: Promise<Ended>;
}

/** Starts a pod; its init containers end first, and one that fails is the end of the pod. */
export async function startPod(cluster: RehearsedMocks, spec: PodSpec, options: PodOptions = {}): Promise<StartedPod> {
  const folder = mkdtempSync(join(tmpdir(), "pod-"));
  const places = mountAll(cluster, spec, folder, options);
  const done = () => rmSync(folder, { recursive: true, force: true });
  const begin = (container: Container): Running =>
    start(commandOf(container, places), { cwd: folder, env: environmentOf(cluster, container, places, options) });
  for (const container of (spec.initContainers ?? []) as Container[]) {
    const running = begin(container);
    const ended = await running.ended;
    if (ended.code !== 0) {
      done();
      return { running, ended: Promise.resolve(ended) };
    }
  }
  const [container] = spec.containers as Container[];
  if (container === undefined) throw new Error("a pod has a container");
  const running = begin(container);
  return { running, ended: running.ended.finally(done) };
}

export const runPod = async (...of: Parameters<typeof startPod>): Promise<Ended> => (await startPod(...of)).ended;

/** The pod of the one Job, or of a CronJob. */
export function podOf(cluster: RehearsedMocks, cronJob?: string): PodSpec {
  const { spec } = (cronJob === undefined ? cluster.one("batch/v1:Job") : cluster.one("batch/v1:CronJob", cronJob))
    .inputs;
  const job = cronJob === undefined ? spec : Reflect.get(Object(Reflect.get(Object(spec), "jobTemplate")), "spec");
  return Reflect.get(Object(Reflect.get(Object(job), "template")), "spec") as PodSpec;
}

type Places = Readonly<Record<string, string>>;

/** Makes each volume a folder, and gives the folders by the paths that they are mounted at. */
function mountAll(cluster: RehearsedMocks, spec: PodSpec, folder: string, options: PodOptions): Places {
  const volumes = (spec.volumes ?? []) as types.input.core.v1.Volume[];
  const containers = [...((spec.initContainers ?? []) as Container[]), ...(spec.containers as Container[])];
  const mounts = containers.flatMap(({ volumeMounts }) => (volumeMounts ?? []) as types.input.core.v1.VolumeMount[]);
  const places = Object.fromEntries(
    mounts.map(({ name, mountPath }) => [String(mountPath), join(folder, String(name))]),
  );
  for (const volume of volumes) {
    const place = join(folder, String(volume.name));
    mkdirSync(place);
    for (const [file, text] of Object.entries(contentOf(cluster, volume)))
      writeFileSync(join(place, file), file.endsWith(".json") ? renamed(here(text, places), options) : text);
    // As the kubelet does: nobody writes into what comes from the cluster.
    if (volume.emptyDir === undefined) chmodSync(place, 0o555);
  }
  return places;
}

const renamed = (text: string, { rename = {} }: PodOptions): string =>
  Object.entries(rename).reduce((changed, [from, to]) => changed.replaceAll(from, to), text);

function contentOf(cluster: RehearsedMocks, { configMap, secret }: types.input.core.v1.Volume): Data {
  if (configMap !== undefined) {
    const { data, binaryData } = inputsOf(cluster, "ConfigMap", Reflect.get(Object(configMap), "name"));
    return { ...data, ...decoded(binaryData ?? {}) };
  }
  if (secret === undefined) return {};
  const { secretName, items } = secret as { secretName: string; items: { key: string; path: string }[] };
  const data = decoded(inputsOf(cluster, "Secret", secretName).data);
  return Object.fromEntries(items.map(({ key, path }) => [path, data[key] ?? ""]));
}

interface Content {
  readonly data: Data;
  readonly binaryData?: Data;
}

function inputsOf(cluster: RehearsedMocks, kind: "ConfigMap" | "Secret", name: unknown): Content {
  const found = cluster
    .all(`core/v1:${kind}`)
    .filter(({ inputs }) => Reflect.get(Object(inputs.metadata), "name") === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} objects ${kind} ${String(name)}`);
  return only.inputs as unknown as Content;
}

const decoded = (data: Data): Data =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));

/** Paths of the pod in a text as those of this machine. */
const here = (text: string, places: Places): string =>
  text.replace(/(?<![\w/.-])(\/[a-z]+)(?=\/)/g, (found) => places[found] ?? found);

const commandOf = ({ command }: Container, places: Places): string[] => {
  const [program = "", ...args] = command as string[];
  return [program === "node" ? process.execPath : program, ...args.map((word) => here(word, places))];
};

function environmentOf(
  cluster: RehearsedMocks,
  { env = [] }: Container,
  places: Places,
  options: PodOptions,
): NodeJS.ProcessEnv {
  const variables = (env as types.input.core.v1.EnvVar[]).map(({ name, value, valueFrom }) => {
    const { secretKeyRef } = Object(valueFrom) as { secretKeyRef?: { name: string; key: string } };
    const text =
      secretKeyRef === undefined
        ? value
        : decoded(inputsOf(cluster, "Secret", secretKeyRef.name).data)[secretKeyRef.key];
    if (typeof text !== "string") throw new Error(`variable ${String(name)} has no value`);
    return [name, text === "/tmp" ? tmpdir() : here(text, places)];
  });
  const path = [options.path, process.env.PATH].filter((each) => each !== undefined).join(":");
  return { PATH: path, ...Object.fromEntries(variables), ...options.env };
}
