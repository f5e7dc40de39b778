import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Values } from "../../../rehearsal/model";
import { close, open } from "../../../rehearsal/wire";

/** A connection to a provider server, as the engine opens one for each provider resource: by the SDK's own client. */
export interface Connection {
  readonly client: ResourceProviderClient;
  configure(args: Values): Promise<messages.ConfigureResponse>;
  check(urn: string, news: Values, olds?: Values): Promise<{ inputs: Values; failures: string[]; secrets: string[] }>;
  diff(urn: string, id: string, old: Values, oldInputs: Values, now: Values): Promise<messages.DiffResponse.AsObject>;
  create(urn: string, inputs: Values, options?: { preview?: boolean; secrets?: string[] }): Promise<Made>;
  update(
    urn: string,
    id: string,
    states: { old: Values; oldInputs: Values; now: Values; preview?: boolean },
  ): Promise<Made>;
  read(urn: string, id: string, known?: Values): Promise<Made & { inputs: Values }>;
  remove(urn: string, id: string): Promise<void>;
  invoke(token: string, args: Values): Promise<Values>;
  close(): void;
}

export interface Made {
  readonly id: string;
  readonly values: Values;
  readonly secrets: readonly string[];
}

export const structOf = (values: Values, secrets: readonly string[] = []): Struct =>
  Struct.fromJavaScript(close(values, new Set(secrets)) as Record<string, never>);

const opened = (struct: Struct | undefined) => {
  const { values, secrets } = open((struct?.toJavaScript() ?? {}) as Values);
  return { values, secrets: [...secrets].sort() };
};

/** Turns a call with a callback into one that is awaited. */
export const asked = <T>(call: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });

export function connect(port: number): Connection {
  // Without a pool of its own, two clients of one address share a connection, which two of the engine never do.
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
  });
  return {
    client,
    configure: (args) =>
      asked((done) =>
        client.configure(new messages.ConfigureRequest().setArgs(structOf(args)).setAcceptsecrets(true), done),
      ),
    async check(urn, news, olds = {}) {
      const request = new messages.CheckRequest()
        .setUrn(urn)
        .setNews(structOf(news))
        .setOlds(structOf(olds))
        .setRandomseed("c2VlZA==");
      const response = await asked<messages.CheckResponse>((done) => client.check(request, done));
      const failures = response.getFailuresList().map((each) => `${each.getProperty()}: ${each.getReason()}`);
      const { values, secrets } = opened(response.getInputs());
      return { inputs: values, secrets, failures };
    },
    async diff(urn, id, old, oldInputs, now) {
      const request = new messages.DiffRequest()
        .setUrn(urn)
        .setId(id)
        .setOlds(structOf(old))
        .setOldInputs(structOf(oldInputs))
        .setNews(structOf(now));
      return (await asked<messages.DiffResponse>((done) => client.diff(request, done))).toObject();
    },
    async create(urn, inputs, { preview = false, secrets = [] } = {}) {
      const request = new messages.CreateRequest()
        .setUrn(urn)
        .setProperties(structOf(inputs, secrets))
        .setPreview(preview);
      const response = await asked<messages.CreateResponse>((done) => client.create(request, done));
      return { id: response.getId(), ...opened(response.getProperties()) };
    },
    async update(urn, id, { old, oldInputs, now, preview = false }) {
      const request = new messages.UpdateRequest()
        .setUrn(urn)
        .setId(id)
        .setOlds(structOf(old))
        .setOldInputs(structOf(oldInputs))
        .setNews(structOf(now))
        .setPreview(preview);
      const response = await asked<messages.UpdateResponse>((done) => client.update(request, done));
      return { id, ...opened(response.getProperties()) };
    },
    async read(urn, id, known = {}) {
      const request = new messages.ReadRequest()
        .setUrn(urn)
        .setId(id)
        .setProperties(structOf(known))
        .setInputs(structOf(known));
      const response = await asked<messages.ReadResponse>((done) => client.read(request, done));
      return {
        id: response.getId(),
        ...opened(response.getProperties()),
        inputs: opened(response.getInputs()).values,
      };
    },
    async remove(urn, id) {
      await asked((done) => client.delete(new messages.DeleteRequest().setUrn(urn).setId(id), done));
    },
    async invoke(token, args) {
      const request = new messages.InvokeRequest().setTok(token).setArgs(structOf(args));
      return opened((await asked<messages.InvokeResponse>((done) => client.invoke(request, done))).getReturn()).values;
    },
    close: () => client.close(),
  };
}
