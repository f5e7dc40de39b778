import { describe, expect, it } from "vitest";
import { placeOf, storeSettings } from "../../../../promotion/files/store/settings";
import { ExitCode } from "../../../../settings";

describe("the settings of a store", () => {
  it("are those of the contract: AWS by default (S1-14 to S1-17: S1-14, S1-15, S1-16, S1-17)", () => {
    const env = {
      FILE_STORAGE_S3_BUCKET: "aibase-files",
      FILE_STORAGE_S3_ACCESS_KEY: "AKIA",
      FILE_STORAGE_S3_SECRET_KEY: "secret",
    };
    expect(storeSettings(env)).toEqual({
      bucket: "aibase-files",
      region: "us-east-1",
      forcePathStyle: false,
      credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
    });
    expect(storeSettings({ ...env, FILE_STORAGE_S3_REGION: "eu-west-1", AWS_REGION: "other" }).region).toBe(
      "eu-west-1",
    );
  });

  it("name a MinIO by its endpoint, and leave the credentials to the machine when there are none (S1-31, S1-32)", () => {
    const settings = storeSettings({
      FILE_STORAGE_S3_BUCKET: "aibase",
      FILE_STORAGE_S3_ENDPOINT: "http://minio:9000",
      FILE_STORAGE_S3_FORCE_PATH_STYLE: "true",
    });
    expect(settings).toEqual({
      bucket: "aibase",
      region: "us-east-1",
      endpoint: "http://minio:9000",
      forcePathStyle: true,
    });
    expect(placeOf(settings)).toBe("s3://aibase at http://minio:9000");
  });

  it.each([
    [{}, /Which bucket\? Set FILE_STORAGE_S3_BUCKET/],
    [{ FILE_STORAGE_S3_ENDPOINT: "minio:9000" }, /is "minio:9000"; allowed is an address such as http:\/\/minio:9000/],
    [{ FILE_STORAGE_S3_FORCE_PATH_STYLE: "yes" }, /is "yes"; allowed are true \(MinIO\) and false/],
    [{ FILE_STORAGE_S3_ACCESS_KEY: "AKIA" }, /FILE_STORAGE_S3_SECRET_KEY is not set, but its partner is/],
    [{ FILE_STORAGE_S3_SECRET_KEY: "geheim" }, /FILE_STORAGE_S3_ACCESS_KEY is not set, but its partner is/],
  ])("that are wrong are told, without a secret: %o", (env, message) => {
    const given = Object.keys(env).length === 0 ? {} : { FILE_STORAGE_S3_BUCKET: "b", ...env };
    const failure = (() => {
      try {
        return storeSettings(given);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toMatchObject({ message: expect.stringMatching(message), exitCode: ExitCode.usage });
    expect(String(failure)).not.toContain("geheim");
  });
});
