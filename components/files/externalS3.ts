import * as pulumi from "@pulumi/pulumi";
import type { FilesEndpoint } from "../endpoints";

export interface ExternalS3FilesArgs {
  /** Address of the server, such as `https://s3.example.com`. Nothing is encrypted on the way to an `http://` one. */
  readonly endpoint: pulumi.Input<string>;
  /** A bucket that is there. A change moves no file. */
  readonly bucket: pulumi.Input<string>;
  /** The region that requests are signed for; `us-east-1` for most servers that know none. */
  readonly region: string;
  /** Keys of a user with the four documented actions on the bucket (S1-80). Both are kept secret. */
  readonly accessKey: pulumi.Input<string>;
  readonly secretKey: pulumi.Input<string>;
  /** The bucket stands in the path, not in the host's name. Default: true, which all such servers understand (S1-32). */
  readonly forcePathStyle?: boolean;
}

/** Files of the application in a bucket that others keep, on any server that speaks S3 (S1-33): nothing is made here. */
export class ExternalS3Files extends pulumi.ComponentResource {
  readonly endpoint: Extract<FilesEndpoint, { readonly kind: "s3" }>;

  constructor(name: string, args: ExternalS3FilesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { endpoint, bucket, region, accessKey, secretKey, forcePathStyle = true } = args;
    super("scaling-ladder:files:ExternalS3Files", name, { kind: "s3", region }, opts);

    this.endpoint = {
      kind: "s3",
      bucket: pulumi.output(bucket),
      region,
      endpoint,
      forcePathStyle,
      credentials: { accessKey: pulumi.secret(accessKey), secretKey: pulumi.secret(secretKey) },
    };
    this.registerOutputs({ bucket: this.endpoint.bucket });
  }
}
