/**
 * The two shell scripts of a dump. One container has PostgreSQL's client and no way into the bucket, the other can write to the
 * bucket and knows no database; both are published images. They share a small volume with a pipe, so a dump of any size never
 * touches a disk, and a verdict: only a `good` one lets the upload end, and with it the object appear.
 *
 * Names (S4-47 to S4-49): `daily/<database>_YYYYMMDD.sql.gz`, `weekly/<database>_YYYYMMDD.dump`, and, for the month that has just
 * ended, `monthly/<database>_YYYYMM.tar.gz`, whose members together are the SQL: `tar -xzOf … | psql`.
 */

/** Where the two containers meet. */
export const WORK_FOLDER = "/work";

/** Size of one member of the monthly archive, in blocks of 64 KiB: 32 MiB. Two of them are on the volume at a time. */
export const PART_BLOCKS = 512;

/**
 * Runs in the image with the client, under `sh` (BusyBox or Bash). Reads WORK, DUMP_KIND and libpq's PGHOST, PGPORT, PGDATABASE,
 * PGUSER, PGPASSWORD, PGSSLMODE.
 */
export const dumpScript = (partBlocks: number = PART_BLOCKS): string => `set -eu
set -o pipefail
umask 077
cd "$WORK"
# Whatever ends this script early, the other container must not wait for it.
trap '[ -f verdict ] || printf bad >verdict' EXIT

year=$(date -u +%Y)
month=$(date -u +%m)
day=$(date -u +%d)
month=\${month#0}
if [ "$month" -eq 1 ]; then ended=$((year - 1))12; else ended=$(printf '%s%02d' "$year" "$((month - 1))"); fi
today=$(printf '%s%02d%s' "$year" "$month" "$day")

case "$DUMP_KIND" in
  daily) key="daily/\${PGDATABASE}_$today.sql.gz" ;;
  weekly) key="weekly/\${PGDATABASE}_$today.dump" ;;
  monthly) key="monthly/\${PGDATABASE}_$ended.tar.gz" ;;
  *) echo "no kind of dump: $DUMP_KIND" >&2; exit 2 ;;
esac

# A tar archive needs the size of a member before its bytes, so the stream is cut into members of a known size.
archive() {
  part=0
  while :; do
    part=$((part + 1))
    file=$(printf '%s_%s.%06d.sql' "$PGDATABASE" "$ended" "$part")
    dd bs=65536 count=${partBlocks} iflag=fullblock of="$file" 2>/dev/null || return 1
    size=$(wc -c <"$file")
    [ "$size" -gt 0 ] || break
    tar -cf "$file.tar" "$file" || return 1
    head -c "$((512 + (size + 511) / 512 * 512))" "$file.tar" || return 1
    rm -f "$file" "$file.tar"
  done
  rm -f "$file"
  head -c 1024 /dev/zero
}

produce() {
  case "$DUMP_KIND" in
    daily) pg_dump --no-password --format=plain | gzip ;;
    weekly) pg_dump --no-password --format=custom ;;
    monthly) pg_dump --no-password --format=plain | archive | gzip ;;
  esac
}

printf '%s' "$key" >key
# An upper bound for the size of the dump: S3 takes 10,000 parts, so the uploader must choose their size before it begins.
psql --no-password --no-psqlrc --tuples-only --no-align --command 'select pg_database_size(current_database())' >size
mkfifo -m 600 new-stream
mv new-stream stream

if produce >stream; then verdict=good; else verdict=bad; fi
printf '%s' "$verdict" >new-verdict
mv new-verdict verdict
[ "$verdict" = good ] || { echo "dump of $PGDATABASE failed; nothing is uploaded" >&2; exit 1; }
echo "dump of $PGDATABASE is complete"
`;

/**
 * Runs in the image with the AWS command line, under Bash. Reads WORK, DUMP_BUCKET, DUMP_KIND, DATABASE and STACK; credentials
 * and region come from the environment or the pod's identity.
 */
export const uploadScript = (metric: { namespace: string; name: string; unit: string }): string => `set -eum
umask 077
cd "$WORK"

waited=0
until [ -p stream ]; do
  if [ -f verdict ] || [ "$waited" -ge 900 ]; then echo "there is no dump to upload" >&2; exit 1; fi
  sleep 1
  waited=$((waited + 1))
done
key=$(cat key)
mkfifo -m 600 body
aws s3 cp - "s3://$DUMP_BUCKET/$key" --only-show-errors --expected-size "$(cat size)" <body &
upload=$!

# The body stays open until the verdict: an upload whose input ends is a finished one.
exec 3>body
cat stream >&3 || true
waited=0
until [ -f verdict ] || [ "$waited" -ge 60 ]; do sleep 1; waited=$((waited + 1)); done
if [ "$(cat verdict 2>/dev/null || true)" != good ]; then
  kill -KILL -- "-$upload" 2>/dev/null || true
  exec 3>&-
  wait "$upload" 2>/dev/null || true
  echo "the dump is not good; $key was not written" >&2
  exit 1
fi
exec 3>&-
wait "$upload"
echo "$key is in the bucket"

# The dump is safe by now. Without this sign an alarm is raised, so a failure here needs no second dump.
aws cloudwatch put-metric-data --namespace '${metric.namespace}' --metric-name '${metric.name}' --unit '${metric.unit}' \\
  --value 1 --dimensions "Stack=$STACK,Database=$DATABASE,Kind=$DUMP_KIND" || echo "the metric could not be sent" >&2
`;
