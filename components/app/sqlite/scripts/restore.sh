#!/bin/sh
# Brings a lost database back from its replica. Runs before everything else in the pod, in Litestream's image.
#
# DATABASE_FILE  the database
# CONFIG         litestream.yml, which names it
#
# A database that is there stays as it is. A replica that cannot be read ends the start here: an application on an empty
# database would look as if all were well. Only a bucket that answers and holds nothing is a first start.
set -eu
umask 077

refuse() {
  echo "$1" >&2
  exit 1
}

if [ -e "$DATABASE_FILE" ]; then
  echo "$DATABASE_FILE is there"
  exit 0
fi
for file in "$DATABASE_FILE-wal" "$DATABASE_FILE-journal"; do
  [ ! -e "$file" ] || refuse "$file is there without its database, which it may hold rows of; move it away to have the replica restored"
done

# Under another name until it is proven: a start that ends here half-way must not leave what the next one takes for whole.
new="$DATABASE_FILE.restored"
rm -f "$new" "$new.tmp" "$new-wal" "$new-shm"
litestream restore -no-expand-env -config "$CONFIG" -if-replica-exists -integrity-check full -o "$new" "$DATABASE_FILE" ||
  refuse "$DATABASE_FILE is gone and its replica could not be restored; the application is not started on an empty database"
if [ -e "$new" ]; then
  mv "$new" "$DATABASE_FILE"
  echo "$DATABASE_FILE was restored from its replica"
else
  echo "the bucket holds no replica: $DATABASE_FILE begins empty"
fi
