#!/bin/sh
# Brings roles, databases and replication slots of the primary to what the Compose file says. It runs at every
# `docker compose up` and changes nothing that is right already; a password that was changed in .env is set anew.
#
# PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE: the primary and its superuser
# DATABASES: the logical databases, apart by spaces; DB_PASSWORD_<database>: the password of the role of each
# REPLICAS: names of the replicas, apart by spaces, or nothing; DB_REPLICATION_PASSWORD: of the role `replicator`
set -eu
here=$(dirname "$0")

# Passwords stand in DATABASE_URL as they are, so they must need no encoding there.
checked() {
  case "$2" in
    '' | *[!A-Za-z0-9._~-]*)
      echo "postgres-init: $1 must be letters, digits and . _ ~ - only, and not empty" >&2
      exit 64
      ;;
  esac
}

run() {
  psql --no-psqlrc --quiet --tuples-only --set=ON_ERROR_STOP=1 "$@"
}

for database in $DATABASES; do
  password=$(printenv "DB_PASSWORD_$database" || true)
  checked "the password of database $database" "$password"
  # Through the environment: an argument could be read by whoever lists the processes.
  ROLE_PASSWORD=$password run --set=name="$database" --file="$here/postgres-database.sql"
done

if [ -n "$REPLICAS" ]; then
  checked DB_REPLICATION_PASSWORD "${DB_REPLICATION_PASSWORD:-}"
  ROLE_PASSWORD=$DB_REPLICATION_PASSWORD run --file="$here/postgres-replicator.sql"
fi
run --set=replicas="$REPLICAS" --file="$here/postgres-slots.sql"
