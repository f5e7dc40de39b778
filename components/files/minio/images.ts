/**
 * The last images that MinIO published of server and client, where its makers still offer them: they took them away from Docker
 * Hub in September 2026.
 */
export const MINIO_IMAGES = {
  server: "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z",
  client: "quay.io/minio/mc:RELEASE.2025-08-13T08-35-41Z",
} as const;
