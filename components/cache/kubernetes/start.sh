#!/bin/sh
# Starts the server of one pod: number 0 is the primary, all others copy it.
# Arguments: the server's program, its configuration, host and port of the primary. Reads POD_NAME.
set -eu
server=$1
configuration=$2
host=$3
port=$4

case "$POD_NAME" in
  *-0) exec "$server" "$configuration" ;;
  *) exec "$server" "$configuration" --replicaof "$host" "$port" ;;
esac
