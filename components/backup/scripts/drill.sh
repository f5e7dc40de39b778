#!/usr/bin/env bash
# Restores what fetch.sh has brought into a server of its own and compares it with the manifest, out of PostgreSQL's image. The
# server lives in WORK, answers on no network and ends with this script.
#
# Reads WORK, DATABASE, DUMP_KIND and MAX_AGE_HOURS, the age at which a dump is too old.
set -euo pipefail
umask 077
SCRIPTS=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=components/backup/scripts/common.sh
. "$SCRIPTS/common.sh"
cd "$WORK"

fail() {
  echo "drill of $DATABASE failed: $1" >&2
  exit 1
}

# One value of the manifest: the second column of the line of that kind, or another one.
value() { awk -F '\t' -v what="$1" -v column="${2:-2}" '$1 == what { print $column; exit }' manifest.tsv; }
sha256() { sha256sum | cut -d ' ' -f 1; }

key=$(cat key)
[ -s manifest.tsv ] || fail "the manifest of $key is empty"
[ "$(sed '$d' manifest.tsv | sha256)" = "$(tail -n 1 manifest.tsv | cut -f 4)" ] || fail "the manifest of $key is not as it was written"
[ "$(value object)" = "$key" ] || fail "the manifest of $key belongs to $(value object)"
[ "$(value database)" = "$DATABASE" ] || fail "$key is a dump of $(value database)"
[ "$(sha256 <object)" = "$(value object 4)" ] || fail "$key is not as it was written: its checksum differs"

# Nothing of a server elsewhere, or of a locale that is not here.
export LC_ALL=C
unset "${!PG@}"
export PGDATA=$WORK/cluster PGHOST=$WORK PGUSER=drill PGDATABASE=postgres
start() {
  # A locale that this image has not got leaves the one that orders by code point.
  initdb --username="$PGUSER" --auth=trust --encoding=UTF8 --lc-collate="$(value collate)" --lc-ctype="$(value ctype)" --no-sync ||
    { rm -rf "$PGDATA" && initdb --username="$PGUSER" --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync; } || return 1
  # What is lost in a crash is fetched again.
  cat >>"$PGDATA/postgresql.conf" <<CONF || return 1
listen_addresses = ''
unix_socket_directories = '$WORK'
dynamic_shared_memory_type = mmap
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_connections = 20
max_wal_size = 256MB
max_locks_per_transaction = 1024
autovacuum = off
jit = off
CONF
  pg_ctl start --wait --timeout=120 --log=said-server
}
trap 'pg_ctl stop --mode=immediate --silent >/dev/null 2>&1 || true' EXIT
start >said-start 2>&1 || {
  [ ! -s said-server ] || cat said-server >>said-start
  fail "no server to restore into: $(reason said-start)"
}

ask=(psql --no-password --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1)
run() { "$@" >said-drill 2>&1 || fail "$(reason said-drill)"; }
export DATABASE MAX_AGE_HOURS
run "${ask[@]}" --file "$SCRIPTS/prepare.sql"
problem=$("${ask[@]}" --command 'SELECT problem FROM problems' 2>said-drill) || fail "$(reason said-drill)"
[ -z "$problem" ] || fail "$key $problem"

restore() {
  local into=("${ask[@]}" --dbname=restored --output=/dev/null)
  case "$DUMP_KIND" in
    daily) gunzip -c object | "${into[@]}" ;;
    weekly) pg_restore --no-password --exit-on-error --dbname=restored object ;;
    monthly) tar -xzOf object | "${into[@]}" ;;
  esac
}
restore >said-drill 2>&1 || fail "$key cannot be restored: $(reason said-drill)"

run "${ask[@]}" --dbname=restored --output=contents --file "$SCRIPTS/contents.sql"
run "${ask[@]}" --file "$SCRIPTS/compare.sql"
problem=$("${ask[@]}" --command 'SELECT problem FROM problems' 2>said-drill) || fail "$(reason said-drill)"
[ -z "$problem" ] || fail "$key $problem"
equal=$("${ask[@]}" --command 'SELECT summary FROM equal' 2>said-drill) || fail "$(reason said-drill)"
echo "drill of $DATABASE: $equal equal, $SECONDS s"
