import { add, all, set, setLater, setNamed, unset, without } from "./change";
import { alone, hiddenSeed, type Seed, seed } from "./seed";

const PRIMARY = "database-primary";
const PARAMETERS = "database-parameters";

/** Mistakes about the database, its parameters and the proxy. */
export const DATABASE_SEEDS: readonly Seed[] = [
  seed("encryption switched off", "smb", "rds-storage-encrypted", set(PRIMARY, { storageEncrypted: false })),
  seed("primary reachable from outside", "smb", "rds-not-public", set(PRIMARY, { publiclyAccessible: true })),
  seed("no subnet group", "smb", "rds-private-placement", unset(PRIMARY, "dbSubnetGroupName")),
  seed("one zone only", "prod", "rds-multi-az", set(PRIMARY, { multiAz: false })),
  seed("backups off", "smb", "rds-backup-retention", set(PRIMARY, { backupRetentionPeriod: 0 })),
  seed("deletion allowed", "prod", "rds-deletion-protection", set(PRIMARY, { deletionProtection: false })),
  alone(seed("no last snapshot", "prod", "rds-final-snapshot", set(PRIMARY, { skipFinalSnapshot: true }))),
  seed("no minor upgrades", "smb", "rds-upgrades", set(PRIMARY, { autoMinorVersionUpgrade: false })),
  seed("password typed into the program", "smb", "rds-master-secret", set(PRIMARY, { password: "Tr0ub4dor-and-3" })),
  seed("certificate authority of 2019", "smb", "rds-ca-current", set(PRIMARY, { caCertIdentifier: "rds-ca-2019" })),
  seed(
    "plain connections accepted",
    "smb",
    "pg-force-ssl",
    setNamed(PARAMETERS, "parameters", "rds.force_ssl", { value: "0" }),
  ),
  seed("proxy without TLS", "prod", "proxy-tls", set("database-proxy", { requireTls: false })),
  seed(
    "nobody told of a failure",
    "prod",
    "rds-events",
    set("watch-events-critical", { eventCategories: ["recovery"] }),
  ),
  seed("no replicas", "prod", "rds-has-replica", without("database-replica-1", "database-replica-2")),
  seed(
    "no copy in the second region",
    "prod",
    "rds-copied-to-second-region",
    all(without("database-copies"), unset("backup-plan", ...[0, 1, 2].map((rule) => `rules.${rule}.copyActions`))),
  ),
  seed("parameter group not used", "smb", "rds-uses-tls-parameter-group", unset(PRIMARY, "parameterGroupName")),
  seed(
    "database on public subnets",
    "smb",
    "rds-private-route",
    add("network-data-routes", "aws:ec2/route:Route", "network-data-internet", (id) => ({
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: id("network-gateway"),
      routeTableId: id("network-data-routes"),
    })),
  ),
  hiddenSeed(
    "reachability that another resource decides",
    "smb",
    "rds-not-public",
    setLater(PRIMARY, "publiclyAccessible", true, PARAMETERS),
  ),
];
