#!/usr/bin/env bash
# Leaves the present value of the master's secret in a folder that only this pod's memory holds, out of the image with the AWS
# command line. The master's password is rotated, so nothing but its secret knows it.
#
# Reads SECRET_ARN, MASTER_FILE, AWS_REGION, and the identity of the pod or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
set -euo pipefail
umask 077

fail() {
  echo "the master's secret $SECRET_ARN cannot be read: $1" >&2
  exit 1
}
said=$(mktemp)
trap 'rm -f "$said" "$MASTER_FILE.new"' EXIT

aws secretsmanager get-secret-value --secret-id "$SECRET_ARN" --query SecretString --output text \
  >"$MASTER_FILE.new" 2>"$said" || fail "$(tr '\n' ' ' <"$said")"
[ -s "$MASTER_FILE.new" ] || fail "it has no value"
mv "$MASTER_FILE.new" "$MASTER_FILE"
echo "the master's secret is here"
