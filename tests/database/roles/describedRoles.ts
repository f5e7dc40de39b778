import type { Client } from "pg";

/** What the roles of a server and the privileges of one database are, for comparing; one line each, in order. */
export async function describedRoles(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(DESCRIBED);
  return rows.map(({ line }) => line);
}

/** Who was given what by whom: `grantee=privilege/grantor`, PUBLIC for everybody. */
const acl = (column: string, kind: string): string =>
  `(SELECT string_agg(format('%s=%s/%s', CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END,
      privilege_type, pg_get_userbyid(grantor)), ' ' ORDER BY grantee = 0, pg_get_userbyid(grantee), privilege_type)
    FROM aclexplode(coalesce(${column}, ${kind})))`;

const DESCRIBED = `
SELECT format('role %s login=%s inherit=%s super=%s createrole=%s createdb=%s replication=%s bypassrls=%s limit=%s config=%s',
    rolname, rolcanlogin, rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolconnlimit, rolconfig) AS line
  FROM pg_roles WHERE starts_with(rolname, current_database())
UNION ALL
SELECT format('member %s of %s', b.rolname, a.rolname) FROM pg_auth_members m
  JOIN pg_roles a ON a.oid = m.roleid JOIN pg_roles b ON b.oid = m.member
  WHERE starts_with(b.rolname, current_database())
UNION ALL
SELECT format('database %s owner=%s encoding=%s collate=%s ctype=%s provider=%s limit=%s acl=%s', datname,
    pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider, datconnlimit,
    ${acl("datacl", "acldefault('d', datdba)")})
  FROM pg_database WHERE datname = current_database()
UNION ALL
SELECT format('schema %s owner=%s acl=%s', nspname, pg_get_userbyid(nspowner), ${acl("nspacl", "acldefault('n', nspowner)")})
  FROM pg_namespace WHERE nspname = 'public'
UNION ALL
SELECT format('default for %s in %s on %s: %s', pg_get_userbyid(defaclrole), defaclnamespace::regnamespace, defaclobjtype,
    ${acl("defaclacl", "defaclacl")})
  FROM pg_default_acl
UNION ALL
SELECT format('extension %s in %s', extname, extnamespace::regnamespace) FROM pg_extension
ORDER BY 1`;
