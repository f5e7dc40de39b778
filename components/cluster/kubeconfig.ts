/** What a kubeconfig needs to know of an EKS cluster. */
export interface ClusterAccess {
  readonly name: string;
  readonly region: string;
  readonly endpoint: string;
  /** Certificate authority of the API server, PEM in base64. */
  readonly authority: string;
}

/**
 * A kubeconfig, as JSON, that holds no token: each call asks the AWS CLI for one of a few minutes, with the credentials of
 * whoever runs it. It needs `aws` on the PATH.
 */
export const eksKubeconfig = ({ name, region, endpoint, authority }: ClusterAccess): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": authority } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"],
          },
        },
      },
    ],
  });
