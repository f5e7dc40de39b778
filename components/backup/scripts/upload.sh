#!/usr/bin/env bash
# Uploads what dump.sh writes into the pipe, out of the image with the AWS command line.
#
# Reads WORK, DUMP_BUCKET, DUMP_KIND, DATABASE and STACK; credentials, region and endpoint are what the command line takes from its
# environment. METRIC_NAMESPACE, METRIC_NAME and METRIC_UNIT name a metric of CloudWatch that tells of the dump; without them
# none is sent.
set -emuo pipefail
umask 077
# shellcheck source=components/backup/scripts/common.sh
. "$(dirname "$0")/common.sh"
cd "$WORK"

fail() {
  echo "upload of $DATABASE failed: $1" >&2
  exit 1
}

waited=0
until [ -p stream ]; do
  if [ -f verdict ] || [ "$waited" -ge 900 ]; then fail "there is no dump to upload"; fi
  sleep 1
  waited=$((waited + 1))
done
key=$(cat key)
mkfifo -m 600 body
aws s3 cp - "s3://$DUMP_BUCKET/$key" --only-show-errors --expected-size "$(cat size)" <body >said-upload 2>&1 &
upload=$!

# The body stays open until the verdict: an upload whose input ends is a finished one.
exec 3>body
cat stream >&3 2>/dev/null || true
if [ "$(cat verdict 2>/dev/null || true)" != good ]; then
  kill -KILL -- "-$upload" 2>/dev/null || true
  exec 3>&-
  wait "$upload" 2>/dev/null || true
  if [ -s said-upload ]; then fail "$(reason said-upload)"; fi
  fail "the dump is not good; $key was not written"
fi
exec 3>&-
wait "$upload" || fail "$(reason said-upload)"
aws s3 cp manifest.tsv "s3://$DUMP_BUCKET/$key.manifest.tsv" --only-show-errors >said-upload 2>&1 ||
  fail "$key is in the bucket and its manifest is not: $(reason said-upload)"
echo "$key and its manifest are in the bucket"

[ -n "${METRIC_NAMESPACE-}" ] || exit 0
# The dump is safe by now. Without this sign an alarm is raised, so a failure here needs no second dump.
aws cloudwatch put-metric-data --namespace "$METRIC_NAMESPACE" --metric-name "$METRIC_NAME" --unit "$METRIC_UNIT" --value 1 \
  --dimensions "Stack=$STACK,Database=$DATABASE,Kind=$DUMP_KIND" >said-upload 2>&1 ||
  echo "the metric could not be sent: $(reason said-upload)" >&2
