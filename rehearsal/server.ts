import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Change, differences, forces } from "./difference";
import type { Values } from "./model";
import type { ProviderConfig } from "./placing";
import { type Made, type Simulation, Unready } from "./simulation";
import { isObject } from "./values";
import { close, type Opened, open } from "./wire";

/** A listening provider server. */
export interface Listening {
  readonly port: number;
  /** Stops at once; calls under way are cut off. */
  stop(): void;
}

const opened = (struct: Struct | undefined): Opened => open((struct?.toJavaScript() ?? {}) as Values);

const closed = (values: Values, secrets: ReadonlySet<string> = new Set()): Struct =>
  Struct.fromJavaScript(close(values, secrets) as Record<string, never>);

const typeIn = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

const KINDS = {
  add: [messages.PropertyDiff.Kind.ADD, messages.PropertyDiff.Kind.ADD_REPLACE],
  delete: [messages.PropertyDiff.Kind.DELETE, messages.PropertyDiff.Kind.DELETE_REPLACE],
  update: [messages.PropertyDiff.Kind.UPDATE, messages.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

/** Serves a simulated provider on a free port of this machine, in the engine's own protocol. */
export async function serve(simulation: Simulation, defaults: ProviderConfig): Promise<Listening> {
  // Each provider resource of a program has a connection of its own, and with it its own configuration.
  const configs = new Map<string, ProviderConfig>();
  const configOf = (peer: string): ProviderConfig => configs.get(peer) ?? defaults;

  const handlers = handlersOf(simulation, configOf, (peer, config) => configs.set(peer, { ...defaults, ...config }));
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, stop: () => server.forceShutdown() };
}

type Handler<Request, Response> = (request: Request, peer: string) => Promise<Response> | Response;

/** A handler as gRPC wants it; what goes wrong becomes the message that the engine shows. */
const unary =
  <Request, Response>(handle: Handler<Request, Response>) =>
  (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>): void => {
    Promise.resolve()
      .then(() => handle(call.request, call.getPeer()))
      .then(
        (response) => answer(null, response),
        (error: unknown) => answer(failure(error)),
      );
  };

function failure(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new Metadata();
  if (error instanceof Unready)
    metadata.add("grpc-status-details-bin", Buffer.from(unreadyStatus(error).serializeBinary()));
  return { code: status.UNKNOWN, message, metadata };
}

/** Tells the engine that the resource exists, in the way that every provider does. */
function unreadyStatus({ message, made }: Unready): Status {
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(made.id);
  detail.setProperties(closed(made.values, made.secrets));
  detail.setReasonsList([message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const said = new Status();
  said.setCode(status.UNKNOWN);
  said.setMessage(message);
  said.addDetails(any);
  return said;
}

function handlersOf(
  simulation: Simulation,
  configOf: (peer: string) => ProviderConfig,
  configure: (peer: string, config: Partial<ProviderConfig>) => void,
) {
  const subject = (request: { getUrn(): string }, peer: string) => ({
    urn: request.getUrn(),
    type: typeIn(request.getUrn()),
    config: configOf(peer),
  });
  const info = () => {
    const plugin = new PluginInfo();
    plugin.setVersion(simulation.provider.version);
    return plugin;
  };
  const unsupported = (what: string) =>
    unary((): never => {
      throw new Error(`${what} is not rehearsed`);
    });

  return {
    handshake: unary(() => new messages.ProviderHandshakeResponse().setAcceptSecrets(true)),
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    getPluginInfo: unary(info),
    checkConfig: unary((request: messages.CheckRequest) => new messages.CheckResponse().setInputs(request.getNews())),
    // Without a difference the engine would go on with the provider as it was configured before. None of them is replaced.
    diffConfig: unary((request: messages.DiffRequest) => {
      const old = request.getOldInputs() ?? request.getOlds();
      return diffResponse(differences(opened(old).values, opened(request.getNews()).values), [], false);
    }),
    configure: unary((request: messages.ConfigureRequest, peer) => {
      configure(peer, readConfig(opened(request.getArgs()).values));
      return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    invoke: unary((request: messages.InvokeRequest, peer) => {
      const answer = simulation.invoke(request.getTok(), opened(request.getArgs()).values, configOf(peer));
      return new messages.InvokeResponse().setReturn(closed(answer));
    }),
    check: unary((request: messages.CheckRequest, peer) => {
      const now = opened(request.getNews());
      const { inputs, refusals } = simulation.check(
        subject(request, peer),
        opened(request.getOlds()).values,
        now.values,
        request.getRandomseed_asB64(),
      );
      const failures = refusals.map(({ property, reason }) =>
        new messages.CheckFailure().setProperty(property).setReason(reason),
      );
      return new messages.CheckResponse().setInputs(closed(inputs, now.secrets)).setFailuresList(failures);
    }),
    diff: unary((request: messages.DiffRequest, peer) => {
      const about = subject(request, peer);
      simulation.confirm(about, request.getId());
      const { changes, replaces, deleteBeforeReplace } = simulation.diff(
        about,
        opened(request.getOlds()).values,
        opened(request.getOldInputs()).values,
        opened(request.getNews()).values,
      );
      return diffResponse(changes, replaces, deleteBeforeReplace);
    }),
    create: unary(async (request: messages.CreateRequest, peer) => {
      const made = await simulation.create(
        subject(request, peer),
        opened(request.getProperties()),
        request.getPreview(),
      );
      return new messages.CreateResponse().setId(made.id).setProperties(propertiesOf(made));
    }),
    update: unary(async (request: messages.UpdateRequest, peer) => {
      const made = await simulation.update(
        subject(request, peer),
        request.getId(),
        opened(request.getOlds()),
        opened(request.getNews()),
        request.getPreview(),
        opened(request.getOldInputs()).values,
      );
      return new messages.UpdateResponse().setProperties(propertiesOf(made));
    }),
    read: unary((request: messages.ReadRequest, peer) => {
      const { values: known, secrets } = opened(request.getProperties());
      const inputs = opened(request.getInputs());
      const about = subject(request, peer);
      simulation.confirm(about, request.getId());
      const values = simulation.read(about, request.getId(), { ...inputs.values, ...known });
      if (values === undefined) return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(request.getId())
        .setInputs(closed(asGiven(inputs.values, values), inputs.secrets))
        .setProperties(closed(values, secrets));
    }),
    delete: unary(async (request: messages.DeleteRequest, peer) => {
      await simulation.delete(subject(request, peer), request.getId());
      return new Empty();
    }),
    call: unsupported("a call of a method"),
    construct: unsupported("a component of another language"),
    parameterize: unsupported("a parameterised provider"),
    getSchema: unsupported("the schema"),
    getMapping: unary(() => new messages.GetMappingResponse()),
    getMappings: unary(() => new messages.GetMappingsResponse()),
    list: (call: ServerWritableStream<messages.ListRequest, messages.ListResponse>): void => {
      call.emit("error", { code: status.UNIMPLEMENTED, message: "a list is not rehearsed" });
    },
  };
}

/** What is there, of all that was given: what the cloud adds, also inside a group, is no input. */
const asGiven = (given: Values, there: Values): Values =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, partGiven(value, there[name])]));

function partGiven(given: unknown, there: unknown): unknown {
  if (isObject(given) && isObject(there)) return asGiven(given, there);
  if (Array.isArray(given) && Array.isArray(there) && given.length === there.length)
    return there.map((item, index) => partGiven(given[index], item));
  return there;
}

const propertiesOf = ({ values, secrets }: Made): Struct => closed(values, secrets);

/** Groups of settings reach a provider as JSON in a string. */
function readConfig({ region, defaultTags }: Values): Partial<ProviderConfig> {
  const group: unknown = typeof defaultTags === "string" ? JSON.parse(defaultTags) : defaultTags;
  const tags = isObject(group) && isObject(group.tags) ? group.tags : undefined;
  return { ...(typeof region === "string" ? { region } : {}), ...(tags === undefined ? {} : { defaultTags: tags }) };
}

function diffResponse(changes: readonly Change[], replaces: readonly string[], deleteBeforeReplace: boolean) {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setReplacesList([...new Set(replaces.map((path) => path.split(/[.[]/)[0] ?? path))])
    .setDiffsList([...new Set(changes.map(({ path }) => path.split(/[.[]/)[0] ?? path))])
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const { path, kind } of changes) {
    const [plain, replacing] = KINDS[kind];
    const detail = new messages.PropertyDiff()
      .setKind(forces(replaces, path) || replaces.includes(path) ? replacing : plain)
      .setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}
