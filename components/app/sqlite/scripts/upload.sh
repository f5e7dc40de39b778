#!/bin/sh
# Puts what the container before it has packed into the bucket. Runs in the image with the AWS command line; credentials, region
# and the address of another server than AWS come from the environment or the pod's identity.
#
# WORK         folder with `packed` and `key`
# DUMP_BUCKET  the bucket
set -eu

key=$(cat "$WORK/key")
aws s3 cp "$WORK/packed" "s3://$DUMP_BUCKET/$key" --only-show-errors || {
  echo "$key could not be written to bucket $DUMP_BUCKET" >&2
  exit 1
}
echo "$key is in bucket $DUMP_BUCKET"
