#!/usr/bin/env bash
# Dumps one database into a pipe, out of the image with PostgreSQL's client. The uploader beside it, which alone has a way into
# the bucket, reads the pipe, so a dump of any size never touches a disk. Only the verdict `good` lets the upload end, and with it
# the object appear. The manifest tells what the dump must hold: both are taken of one snapshot.
#
# Reads WORK (folder shared with the uploader), DUMP_KIND, PART_BLOCKS, and libpq's PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD
# and PGSSLMODE.
#
# Names (S4-47 to S4-49): `daily/<database>_YYYYMMDD.sql.gz`, `weekly/<database>_YYYYMMDD.dump`, and, for the month that has just
# ended, `monthly/<database>_YYYYMM.tar.gz`, whose members together are the SQL: `tar -xzOf … | psql`.
set -euo pipefail
umask 077
SCRIPTS=$(cd "$(dirname "$0")" && pwd)
export SCRIPTS
# shellcheck source=components/backup/scripts/common.sh
. "$SCRIPTS/common.sh"
cd "$WORK"

fail() {
  echo "dump of $PGDATABASE failed: $1; nothing is uploaded" >&2
  exit "${2:-1}"
}
# Whatever ends this script early, the other container must not wait for it.
trap '[ -f verdict ] || printf bad 2>/dev/null >verdict' EXIT

# Asked once: midnight may come between two questions.
today=$(date -u +%Y%m%d)
year=${today%????}
month=${today#????}
month=${month%??}
month=${month#0}
if [ "$month" -eq 1 ]; then ENDED=$((year - 1))12; else ENDED=$(printf '%s%02d' "$year" "$((month - 1))"); fi
export ENDED

case "$DUMP_KIND" in
  daily) key="daily/${PGDATABASE}_$today.sql.gz" ;;
  weekly) key="weekly/${PGDATABASE}_$today.dump" ;;
  monthly) key="monthly/${PGDATABASE}_$ENDED.tar.gz" ;;
  *) fail "no kind of dump: $DUMP_KIND" 2 ;;
esac
printf '%s' "$key" 2>/dev/null >key || fail "the volume cannot be written to"

ask=(psql --no-password --no-psqlrc --quiet --set=ON_ERROR_STOP=1)
# An upper bound for the size of the dump: S3 takes 10,000 parts, so the uploader must choose their size before it begins.
"${ask[@]}" --tuples-only --no-align --command 'select pg_database_size(current_database())' >size 2>said ||
  fail "$(reason said)"

mkfifo -m 600 new-stream
mv new-stream stream
# Open until the verdict is there: who reads the end of the stream can read the verdict, too.
exec 5>stream

"${ask[@]}" --file "$SCRIPTS/dump.sql" >said 2>&1 || fail "$(reason said)"
[ -f sum ] || fail "$(reason said-dump)"

# Four columns as COPY writes them; `facts` and `contents` are of dump.sql.
checksum() { cut -d ' ' -f 1 "$@"; }
manifest() {
  printf 'object\t%s\t\\N\t%s\n' "$key" "$(checksum sum)" >manifest.tsv &&
    cat facts contents >>manifest.tsv &&
    end=$(sha256sum <manifest.tsv | checksum) &&
    printf 'end\tsha256 of the lines above\t\\N\t%s\n' "$end" >>manifest.tsv &&
    printf good >new-verdict
}
manifest 2>/dev/null || fail "its manifest cannot be written; the volume may be full"
mv new-verdict verdict
exec 5>&-
echo "dump of $PGDATABASE is complete"
