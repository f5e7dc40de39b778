#!/bin/sh
# Starts Redis or Valkey with one user, whose password no list of processes shows and no file holds.
# Arguments: the server's program, its configuration, a folder to write in, the user and its rights. Reads CACHE_REDIS_PASSWORD.
set -eu
server=$1
configuration=$2
folder=$3
user=$4
rights=$5

case "${CACHE_REDIS_PASSWORD:-}" in
  '' | *[!A-Za-z0-9._~-]*)
    echo "redis: CACHE_REDIS_PASSWORD must be letters, digits and . _ ~ - only, and not empty" >&2
    exit 64
    ;;
esac

umask 077
hash=$(printf '%s' "$CACHE_REDIS_PASSWORD" | sha256sum | cut -d ' ' -f 1)
printf 'user default reset\nuser %s #%s %s\n' "$user" "$hash" "$rights" >"$folder/users.acl"
# The configuration has room for a replica's password, and here there is no replica.
: >"$folder/replication.conf"
unset CACHE_REDIS_PASSWORD
exec "$server" "$configuration"
