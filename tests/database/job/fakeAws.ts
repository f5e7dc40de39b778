import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRET_ARN } from "../../components/schema/someMigrations";
import type { PodOptions } from "./pod";

/** What Secrets Manager holds of an RDS user, beside name and password. */
const MORE = { engine: "postgres", host: "elsewhere.example.com", port: 5432, dbname: "postgres" };

/**
 * An `aws` that knows one question: the value of the master's secret. Anything else it refuses, in the words of the real one. Gives
 * what a pod needs to find it.
 */
export function fakeAws(master: object | string): PodOptions & { remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "fake-aws-"));
  const value = typeof master === "string" ? master : JSON.stringify({ ...MORE, ...master });
  writeFileSync(join(path, "value"), value);
  const question = `secretsmanager get-secret-value --secret-id ${SECRET_ARN} --query SecretString --output text`;
  writeFileSync(
    join(path, "aws"),
    `#!/usr/bin/env bash
if [ "$*" != "${question}" ] || [ "\${AWS_REGION-}" != us-east-1 ] || [ -z "\${AWS_ACCESS_KEY_ID-}" ]; then
  echo "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: no policy allows it" >&2
  exit 254
fi
cat "${path}/value"
echo
`,
  );
  chmodSync(join(path, "aws"), 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
