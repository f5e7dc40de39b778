#!/bin/sh
# Copies the open database, proves the copy and packs it (S0-09, C-39). Runs in the image with sqlite3, which has no way into
# the bucket; what it leaves in $WORK is uploaded by the container after it.
#
# DATABASE_FILE    the database; the application writes to it meanwhile
# BUSY_TIMEOUT_MS  how long to wait for a lock
# WORK             folder with room for the copy and the packed copy
# KIND             daily, weekly or monthly
# PREFIX           folder in the bucket, with a slash at its end, or nothing
set -eu
umask 077

refuse() {
  echo "$1" >&2
  exit 1
}

[ -f "$DATABASE_FILE" ] || refuse "there is no database at $DATABASE_FILE"
name=$(basename "$DATABASE_FILE" .db)
today=$(date -u +%Y%m%d)
year=${today%????}
month=${today#????}
month=${month%??}
month=${month#0}
case "$KIND" in
  daily | weekly) stamp=$today ;;
  # For the month that has just ended (S4-49).
  monthly) if [ "$month" -eq 1 ]; then stamp=$((year - 1))12; else stamp=$(printf '%s%02d' "$year" "$((month - 1))"); fi ;;
  *) refuse "no kind of backup: $KIND" ;;
esac

cd "$WORK"
rm -f backup.db* packed key
# One read transaction for the whole copy: without it, each write of the application begins the copy anew. No checkpoint at its end,
# should the application be away: Litestream would send the whole database anew.
sqlite3 -batch -bail -cmd '.dbconfig no_ckpt_on_close on' -cmd ".timeout $BUSY_TIMEOUT_MS" "$DATABASE_FILE" >/dev/null <<'SQL' || refuse "$DATABASE_FILE could not be copied"
BEGIN;
SELECT count(*) FROM sqlite_schema;
.backup backup.db
COMMIT;
SQL
found=$(sqlite3 -batch -list -noheader backup.db 'PRAGMA integrity_check(1)') || refuse "the copy of $DATABASE_FILE cannot be read"
[ "$found" = ok ] || refuse "the copy of $DATABASE_FILE is damaged: $found"
gzip -c backup.db >packed || refuse "the copy of $DATABASE_FILE could not be packed"
rm -f backup.db
printf '%s' "$PREFIX$KIND/${name}_$stamp.db.gz" >key
echo "the copy of $DATABASE_FILE is complete and sound"
