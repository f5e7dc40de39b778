#!/bin/sh
# Starts a replica. An empty volume is seeded by a base backup of the primary first.
#
# PGDATA: its data, a folder that this script makes; REPLICA_NAME: its name, and that of its slot on the primary
# PRIMARY_HOST, PRIMARY_PORT, DB_REPLICATION_PASSWORD: how it reaches the primary as role `replicator`
# arguments: the server to start
set -eu
: "${PGDATA:?}" "${REPLICA_NAME:?}" "${PRIMARY_HOST:?}" "${PRIMARY_PORT:?}"

case "${DB_REPLICATION_PASSWORD:-}" in
  '' | *[!A-Za-z0-9._~-]*)
    echo "postgres-replica: DB_REPLICATION_PASSWORD must be letters, digits and . _ ~ - only, and not empty" >&2
    exit 64
    ;;
esac

umask 077
# In a file that lives as long as the container: arguments and settings can be read by others.
passfile=${TMPDIR:-/tmp}/$REPLICA_NAME.pgpass
printf '%s:%s:*:replicator:%s\n' "$PRIMARY_HOST" "$PRIMARY_PORT" "$DB_REPLICATION_PASSWORD" >"$passfile"
unset DB_REPLICATION_PASSWORD
primary="host=$PRIMARY_HOST port=$PRIMARY_PORT user=replicator passfile=$passfile application_name=$REPLICA_NAME"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # Beside its place, and moved there when it is whole: what is killed on the way is begun anew.
  seed=$PGDATA.seed
  rm -rf "$seed"
  echo "postgres-replica: copying $PRIMARY_HOST:$PRIMARY_PORT"
  pg_basebackup --dbname="$primary" --pgdata="$seed" --slot="$REPLICA_NAME" --wal-method=stream --checkpoint=fast --no-password
  # Made here only: a replica that somebody promoted stays promoted.
  touch "$seed/standby.signal"
  mv "$seed" "$PGDATA"
fi

exec "$@" -c "primary_conninfo=$primary" -c "primary_slot_name=$REPLICA_NAME"
