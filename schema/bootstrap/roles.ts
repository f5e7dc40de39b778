import { Client, type ClientBase, DatabaseError } from "pg";
import { type LogicalDatabaseModel, ROLE_KINDS, type RoleKind } from "../../catalogue/roles";
import { UserError } from "../../settings/errors";
import { passwordVariable } from "../job/plan";
import { name } from "./quote";
import { membershipStatement, type RoleFacts, roleStatement } from "./roleSql";
import { scramVerifier } from "./scram";
import type { ServerFacts } from "./server";
import { transaction } from "./transaction";

/** Of each role; one that is left out keeps the password that it has. */
export type RolePasswords = Partial<Readonly<Record<RoleKind, string>>>;

/** Makes the four roles, or brings those that are there to the model. Gives warnings. */
export async function makeRoles(
  client: Client,
  facts: ServerFacts,
  { roles }: LogicalDatabaseModel,
  passwords: RolePasswords,
  onProgress: (line: string) => void,
): Promise<string[]> {
  const statements: string[] = [];
  const made: string[] = [];
  for (const kind of ROLE_KINDS) {
    const role = roles[kind];
    const found = await roleFacts(client, role.name);
    const verifier = await newVerifier(client, role.name, passwords[kind], found !== undefined);
    if (found === undefined && verifier === undefined)
      throw new UserError(
        `The role ${role.name} is not there yet and has no password. Give one in the variable ${passwordVariable(role.name)}.`,
      );
    const statement = roleStatement(role, found, verifier, facts);
    if (statement === undefined) continue;
    statements.push(statement);
    made.push(`role ${role.name} ${found === undefined ? "made" : "changed"}`);
  }
  statements.push(...(await memberships(client, facts, roles)));
  if (statements.length > 0) await transaction(client, `the roles of ${roles.app.name}`, statements);
  made.forEach(onProgress);
  return warnings(facts, roles.replication.name, await roleFacts(client, roles.replication.name));
}

async function roleFacts(client: ClientBase, role: string): Promise<RoleFacts | undefined> {
  const { rows } = await client.query<RoleFacts>("SELECT * FROM pg_catalog.pg_roles WHERE rolname = $1", [role]);
  return rows[0];
}

/** The verifier to set; undefined when the password works already. A new salt for an old password would upset poolers that pass SCRAM through. */
async function newVerifier(
  client: Client,
  role: string,
  password: string | undefined,
  exists: boolean,
): Promise<string | undefined> {
  if (password === undefined || (exists && (await passwordWorks(client, role, password)))) return undefined;
  return scramVerifier(password);
}

/** What a server says only after it has taken the password: no right to this database, too many connections, no such database. */
const PASSED = ["42501", "53300", "3D000"];

/** Whether the role can log in so. A server that asks for no password proves nothing. */
async function passwordWorks(server: Client, role: string, password: string): Promise<boolean> {
  let asked = false;
  const { host, port, ssl, database } = server;
  const client = new Client({
    host,
    port,
    ssl,
    database,
    user: role,
    password: () => {
      asked = true;
      return password;
    },
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return asked;
  } catch (error) {
    return asked && error instanceof DatabaseError && PASSED.includes(error.code ?? "");
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What is missing of memberships: the connected role's in the owner, and on Amazon RDS that to replicate. */
async function memberships(
  client: ClientBase,
  facts: ServerFacts,
  { owner, replication }: LogicalDatabaseModel["roles"],
): Promise<string[]> {
  const statements = await ownerMembership(client, facts, owner.name);
  if (!facts.mayReplicate && facts.rds && !(await isMember(client, facts, replication.name, RDS_REPLICATION)))
    statements.push(`GRANT ${name(RDS_REPLICATION)} TO ${name(replication.name)}`);
  return statements;
}

/** What lets the connected role act as the owner; nothing when it may already. */
export async function ownerMembership(client: ClientBase, facts: ServerFacts, owner: string): Promise<string[]> {
  const may = facts.superuser || facts.user === owner || (await isMember(client, facts, facts.user, owner));
  return may ? [] : [membershipStatement(owner, facts)];
}

async function isMember(client: ClientBase, { version }: ServerFacts, member: string, of: string): Promise<boolean> {
  const { rows } = await client.query<{ is: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_catalog.pg_auth_members m
       JOIN pg_catalog.pg_roles a ON a.oid = m.roleid JOIN pg_catalog.pg_roles b ON b.oid = m.member
       WHERE a.rolname = $2 AND b.rolname = $1${version >= 16 ? " AND m.inherit_option AND m.set_option" : ""}) AS is`,
    [member, of],
  );
  return rows[0]?.is === true;
}

/** Amazon RDS user guide, "Understanding the rds_superuser role". */
const RDS_REPLICATION = "rds_replication";

function warnings({ user, rds }: ServerFacts, replication: string, made: RoleFacts | undefined): string[] {
  return [
    ...(made?.rolreplication || rds
      ? []
      : [
          `${replication} cannot replicate, for ${user} may not allow it. Let a superuser run ALTER ROLE ${name(replication)} REPLICATION.`,
        ]),
    ...(made?.rolbypassrls
      ? []
      : [
          `${replication} obeys row-level security. Connect it with options=-crow_security=off: a first copy then stops at such a table instead of leaving rows out.`,
        ]),
  ];
}
