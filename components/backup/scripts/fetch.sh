#!/usr/bin/env bash
# Fetches the newest dump of one kind, and its manifest, for drill.sh, out of the image with the AWS command line.
#
# Reads WORK, DUMP_BUCKET, DUMP_KIND and DATABASE; credentials, region and endpoint are what the command line takes from its
# environment.
set -euo pipefail
umask 077
# shellcheck source=components/backup/scripts/common.sh
. "$(dirname "$0")/common.sh"
cd "$WORK"

fail() {
  echo "drill of $DATABASE failed: $1" >&2
  exit 1
}

case "$DUMP_KIND" in
  daily) form='[0-9]{8}\.sql\.gz' ;;
  weekly) form='[0-9]{8}\.dump' ;;
  monthly) form='[0-9]{6}\.tar\.gz' ;;
  *) fail "no kind of dump: $DUMP_KIND" ;;
esac

prefix="$DUMP_KIND/${DATABASE}_"
aws s3api list-objects-v2 --bucket "$DUMP_BUCKET" --prefix "$prefix" --query 'Contents[].Key' --output text >keys 2>said-fetch ||
  fail "$(reason said-fetch)"
# Names sort by their time.
key=$(tr '\t' '\n' <keys | grep -E "^$prefix$form\$" | LC_ALL=C sort | tail -n 1) ||
  fail "there is no $DUMP_KIND dump in bucket $DUMP_BUCKET"

aws s3 cp "s3://$DUMP_BUCKET/$key.manifest.tsv" manifest.tsv --only-show-errors >said-fetch 2>&1 ||
  fail "$key has no manifest that can be read: $(reason said-fetch)"
aws s3 cp "s3://$DUMP_BUCKET/$key" object --only-show-errors >said-fetch 2>&1 || fail "$key: $(reason said-fetch)"
printf '%s' "$key" >key
