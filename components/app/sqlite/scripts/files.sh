#!/bin/sh
# Packs the application's files (S1-84). What it leaves in $WORK is uploaded by the container after it.
#
# FILES   the folder
# NAME    name of the database beside them
# WORK    folder with room for the archive
# KIND    daily, weekly or monthly
# PREFIX  folder in the bucket, with a slash at its end, or nothing
set -eu
umask 077

cd "$WORK"
rm -f packed key
tar -czf packed -C "$FILES" . || {
  echo "the files in $FILES could not be packed" >&2
  exit 1
}
printf '%s' "$PREFIX$KIND/${NAME}_files_$(date -u +%Y%m%d).tar.gz" >key
echo "the files in $FILES are packed"
