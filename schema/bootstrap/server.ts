import type { ClientBase } from "pg";

/** What the connected role may do here; each server, each version and each host is different. */
export interface ServerFacts {
  /** Major version. */
  readonly version: number;
  readonly user: string;
  readonly superuser: boolean;
  /** Whether it may hand on the attribute REPLICATION, or BYPASSRLS: superusers, and since 16 whoever has it. */
  readonly mayReplicate: boolean;
  readonly mayBypass: boolean;
  readonly mayCreateRole: boolean;
  readonly mayCreateDatabase: boolean;
  /** Amazon RDS: replication is a membership there. */
  readonly rds: boolean;
}

export async function serverFacts(client: ClientBase): Promise<ServerFacts> {
  const { rows } = await client.query<{
    version: number;
    user: string;
    super: boolean;
    replication: boolean;
    bypass: boolean;
    role: boolean;
    db: boolean;
    rds: boolean;
  }>(`SELECT current_setting('server_version_num')::int / 10000 AS version, rolname AS user, rolsuper AS super,
       rolreplication AS replication, rolbypassrls AS bypass, rolcreaterole AS role, rolcreatedb AS db,
       EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'rds_replication') AS rds
     FROM pg_catalog.pg_roles WHERE rolname = current_user`);
  const [row] = rows;
  if (row === undefined) throw new Error("current_user is not in pg_roles");
  const handsOn = (has: boolean): boolean => row.super || (row.version >= 16 && has);
  return {
    version: row.version,
    user: row.user,
    superuser: row.super,
    mayReplicate: handsOn(row.replication),
    mayBypass: handsOn(row.bypass),
    mayCreateRole: row.super || row.role,
    mayCreateDatabase: row.super || row.db,
    rds: row.rds,
  };
}
