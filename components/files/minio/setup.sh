#!/bin/sh
# Makes the bucket and the application's user on a MinIO server, and sets them right where they are there already.
# Reads MC_HOST_minio (address with the root credentials), BUCKET, APP_USER, APP_PASSWORD and SETUP, a folder with
# policy.json and lifecycle.json.
set -eu

waited=0
until mc --quiet ls minio >/dev/null 2>&1; do
  if [ "$waited" -ge 300 ]; then
    echo "the server does not answer, or it refuses the root credentials:" >&2
    mc --quiet ls minio >&2
    exit 1
  fi
  sleep 2
  waited=$((waited + 2))
done

mc --quiet mb --ignore-existing "minio/$BUCKET"
mc --quiet version enable "minio/$BUCKET"
# The rules as a whole: one that is added once more would be there twice.
mc --quiet ilm rule import "minio/$BUCKET" <"$SETUP/lifecycle.json"

mc --quiet admin policy create minio aibase-files "$SETUP/policy.json"
# By standard input, so that no list of processes shows the password. A user who is there gets it as a new one.
printf '%s\n%s\n' "$APP_USER" "$APP_PASSWORD" | mc --quiet admin user add minio
mc --quiet admin policy attach minio aibase-files --user "$APP_USER"
case "$(mc --quiet --json admin user info minio "$APP_USER")" in
  *'"policyName":"aibase-files"'*) ;;
  *)
    echo "the application's user has not exactly the policy aibase-files" >&2
    exit 1
    ;;
esac
echo "bucket $BUCKET and user $APP_USER are there"
