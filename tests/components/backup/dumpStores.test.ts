import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { S3Store } from "../../../components/backup/store";
import { resolved } from "../../support/mocks";
import { makeDumps, secretOf } from "./someDumps";

describe("dumps into a bucket that is there", () => {
  const storeIn = (more: Partial<S3Store> = {}): S3Store => ({
    kind: "s3",
    bucket: pulumi.output("my-dumps"),
    region: "eu-central-1",
    endpoint: "http://minio.aibase.svc.cluster.local:9000",
    credentials: { accessKey: pulumi.secret("writer"), secretKey: pulumi.secret("secret-of-writer") },
    ...more,
  });

  it("make nothing in AWS and send it no metric", async () => {
    const { dumps, made, job } = await makeDumps({}, () => ({ store: storeIn() }));
    expect(made.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
    expect(dumps.made).toBeUndefined();
    expect(await resolved(dumps.bucket)).toBe("my-dumps");
    const { env } = job("dump-daily-circle").container("upload");
    expect(env.filter(({ name }) => /METRIC|STACK/.test(name))).toEqual([]);
    expect(env).toContainEqual({ name: "AWS_ENDPOINT_URL_S3", value: "http://minio.aibase.svc.cluster.local:9000" });
    expect(env).toContainEqual({ name: "DUMP_BUCKET", value: "my-dumps" });
    expect(env).toContainEqual({ name: "AWS_REGION", value: "eu-central-1" });
  });

  it("write as who is told, whose keys are in a Secret only", async () => {
    const { made, job } = await makeDumps({}, () => ({ store: storeIn() }));
    expect(secretOf(job("dump-daily-circle").container("upload"), "AWS_ACCESS_KEY_ID")).toEqual({
      name: "dump-keys",
      key: "access-key",
    });
    const text = JSON.stringify(made.filter(({ type }) => !type.endsWith("Secret")).map(({ inputs }) => inputs));
    expect(text).not.toContain("secret-of-writer");
  });

  it("go out to pods by their names where database and store stand in the same namespace", async () => {
    const { one } = await makeDumps({ databaseApp: "postgres", storeApp: "minio" }, () => ({ store: storeIn() }));
    expect(Reflect.get(Object(one("NetworkPolicy").inputs.spec), "egress")).toEqual([
      { to: [{ podSelector: { matchLabels: { app: "postgres" } } }], ports: [{ protocol: "TCP", port: 5432 }] },
      { to: [{ podSelector: { matchLabels: { app: "minio" } } }], ports: [{ protocol: "TCP", port: 9000 }] },
    ]);
  });

  it.each([
    [{}, undefined],
    [{ forcePathStyle: true }, undefined],
    [{ forcePathStyle: false }, "/scripts/aws-config"],
  ])("find the bucket by path, unless told otherwise: %j", async (style, config) => {
    const { one, job } = await makeDumps({}, () => ({ store: storeIn(style) }));
    const { env } = job("dump-daily-circle").container("upload");
    expect(env.find(({ name }) => name === "AWS_CONFIG_FILE")?.value).toBe(config);
    expect(Reflect.get(Object(one("ConfigMap").inputs.data), "aws-config")).toBe(
      config === undefined ? undefined : "[default]\ns3 =\n  addressing_style = virtual\n",
    );
  });
});
