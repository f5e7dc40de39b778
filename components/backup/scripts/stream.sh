#!/usr/bin/env bash
# Writes the dump of one snapshot into file descriptor 5, and its checksum into `sum` when all of it is written. Called by
# dump.sql, in the folder and with the environment of dump.sh; SNAPSHOT is the snapshot, ENDED the month that has ended.
set -euo pipefail
# shellcheck source=components/backup/scripts/common.sh
. "$SCRIPTS/common.sh"

# A tar archive needs the size of a member before its bytes, so the stream is cut into members of a known size: PART_BLOCKS of
# 64 KiB. Two members at most are on the volume at a time.
archive() {
  local part=0 file size
  while :; do
    part=$((part + 1))
    file=$(printf '%s_%s.%06d.sql' "$PGDATABASE" "$ENDED" "$part")
    dd bs=65536 count="$PART_BLOCKS" iflag=fullblock of="$file" 2>said-part || {
      echo "error: $(reason said-part)" >&2
      return 1
    }
    size=$(wc -c <"$file")
    [ "$size" -gt 0 ] || break
    tar -cf "$file.tar" "$file" || return 1
    head -c "$((512 + (size + 511) / 512 * 512))" "$file.tar" || return 1
    rm -f "$file" "$file.tar"
  done
  rm -f "$file"
  head -c 1024 /dev/zero
}

take() { pg_dump --no-password --snapshot="$SNAPSHOT" --lock-wait-timeout=300000 --format="$1"; }

produce() {
  case "$DUMP_KIND" in
    daily) take plain | gzip ;;
    weekly) take custom ;;
    monthly) take plain | archive | gzip ;;
  esac
}

mkfifo -m 600 copy
sha256sum <copy >new-sum &
produce | tee copy >&5 || {
  [ "${PIPESTATUS[1]}" -eq 0 ] || echo "error: the upload ended before the dump" >&2
  exit 1
}
wait "$!"
mv new-sum sum
