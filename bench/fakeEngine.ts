import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity, SetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  type RegisterResourceRequest,
  RegisterResourceResponse,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

const ROOT_TYPE = "pulumi:pulumi:Stack";

/** The side of the engine that a program talks to: it registers resources, which this one only counts. */
export interface FakeEngine {
  /** `host:port`, for the program's `--monitor` and `--engine`. */
  readonly address: string;
  /** Types of the resources registered so far, without the stack itself. */
  readonly resources: string[];
  /** When the first of them arrived, as `performance.now()` tells it. */
  readonly firstResource: () => number | undefined;
  /** Errors that the program told the engine. */
  readonly errors: string[];
  close(): void;
}

type Handler<Request, Response> = (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>) => void;

const answerNothing: Handler<unknown, Empty> = (_call, reply) => reply(null, new Empty());

const setRootResource: Handler<unknown, SetRootResourceResponse> = (_call, reply) =>
  reply(null, new SetRootResourceResponse());

const unknownHere: Handler<unknown, never> = (_call, reply) => reply({ code: status.UNIMPLEMENTED });

/** Serves one run of a program. Speaks the real protocol, so what is measured is the program and nothing else. */
export async function serveFakeEngine(): Promise<FakeEngine> {
  const resources: string[] = [];
  const errors: string[] = [];
  let first: number | undefined;

  const registerResource: Handler<RegisterResourceRequest, RegisterResourceResponse> = ({ request }, reply) => {
    if (request.getType() !== ROOT_TYPE) {
      first ??= performance.now();
      resources.push(request.getType());
    }
    const response = new RegisterResourceResponse();
    response.setUrn(`urn:pulumi:bench::bench::${request.getType()}::${request.getName()}`);
    response.setObject(request.getObject());
    reply(null, response);
  };
  const supportsFeature: Handler<unknown, SupportsFeatureResponse> = (_call, reply) => {
    const response = new SupportsFeatureResponse();
    response.setHassupport(true);
    reply(null, response);
  };
  const log: Handler<LogRequest, Empty> = ({ request }, reply) => {
    if (request.getSeverity() === LogSeverity.ERROR) errors.push(request.getMessage());
    reply(null, new Empty());
  };

  const server = new Server();
  server.addService(ResourceMonitorService, {
    // As engines before this call do: the program then asks for each feature.
    getDeploymentInfo: unknownHere,
    supportsFeature,
    registerResource,
    registerResourceOutputs: answerNothing,
    signalAndWaitForShutdown: answerNothing,
  });
  server.addService(EngineService, { log, setRootResource });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    resources,
    errors,
    firstResource: () => first,
    close: () => server.forceShutdown(),
  };
}
