/** Something that would let the application get around row-level security, and that no logical database may have. */
export interface Hole {
  /** Completes "is without …". */
  readonly what: string;
  /** A query that finds it; the application's role is $app. */
  readonly found: string;
  /** SQL of the owner that makes one, to show that the query finds it. */
  readonly made: string;
  /** What the query names then. Default: hole. */
  readonly names?: string;
}

/** Not what extensions brought: those belong to the superuser who starts the server. */
const OURS = "<> 10";
const APP = "(SELECT oid FROM pg_roles WHERE rolname = '$app')";

export const HOLES: readonly Hole[] = [
  {
    what: "a view that reads with its owner's rights",
    found: `SELECT oid::regclass FROM pg_class WHERE relkind IN ('v', 'm') AND relowner ${OURS}
      AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)`,
    made: "CREATE VIEW hole AS SELECT 1",
  },
  {
    what: "a SECURITY DEFINER function that the application may call, other than a trigger's",
    found: `SELECT oid::regprocedure FROM pg_proc WHERE prosecdef AND proowner ${OURS} AND prorettype <> 'trigger'::regtype
      AND has_function_privilege('$app', oid, 'EXECUTE') AND has_schema_privilege('$app', pronamespace, 'USAGE')`,
    made: "CREATE FUNCTION hole() RETURNS int SECURITY DEFINER SET search_path = '' LANGUAGE sql AS 'SELECT 1'",
  },
  {
    what: "a SECURITY DEFINER function without a search path of its own",
    found: `SELECT oid::regprocedure FROM pg_proc WHERE prosecdef AND proowner ${OURS}
      AND NOT EXISTS (SELECT FROM unnest(proconfig) setting WHERE setting LIKE 'search\\_path=%')`,
    made: "CREATE FUNCTION ladder.hole() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'",
  },
  {
    what: "a table, sequence, function or schema of the application's own",
    found: `SELECT oid::regclass::text FROM pg_class WHERE relowner = ${APP}
      UNION ALL SELECT oid::regprocedure::text FROM pg_proc WHERE proowner = ${APP}
      UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = ${APP}`,
    made: 'CREATE TABLE hole (); RESET ROLE; ALTER TABLE hole OWNER TO "$app"',
  },
  {
    what: "a schema in which the application may make something",
    found: "SELECT nspname FROM pg_namespace WHERE has_schema_privilege('$app', oid, 'CREATE')",
    made: 'GRANT CREATE ON SCHEMA public TO "$app"',
    names: "public",
  },
  {
    what: "a partition that is open by its own name",
    found: `SELECT oid::regclass FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')
      AND has_table_privilege('$app', oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')`,
    made: "CREATE TABLE hole (a int) PARTITION BY RANGE (a); CREATE TABLE hole_default PARTITION OF hole DEFAULT",
  },
  {
    what: "a partition without the row security of its table",
    found: `SELECT c.oid::regclass FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
      WHERE p.relkind = 'p' AND c.relkind IN ('r', 'p') AND p.relrowsecurity AND NOT c.relrowsecurity`,
    made: `CREATE TABLE hole (a int) PARTITION BY RANGE (a); ALTER TABLE hole ENABLE ROW LEVEL SECURITY;
      CREATE TABLE hole_default PARTITION OF hole DEFAULT`,
  },
  {
    what: "a right to truncate, to refer or to set triggers, none of which row security holds back",
    found: `SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'p') AND relowner ${OURS}
      AND has_table_privilege('$app', oid, 'TRUNCATE, REFERENCES, TRIGGER')`,
    made: 'CREATE TABLE hole (); GRANT TRUNCATE ON hole TO "$app"',
  },
  {
    what: "a publication of all tables",
    found: "SELECT pubname FROM pg_publication WHERE puballtables",
    made: "RESET ROLE; CREATE PUBLICATION hole FOR ALL TABLES",
  },
];
