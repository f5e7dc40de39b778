#!/bin/sh
# Ends well when the server answers and, on a copy, when it follows the primary.
# Arguments: the client and its options. Reads REDISCLI_AUTH.
set -eu

[ "$("$@" ping)" = PONG ]
"$@" info replication | grep -q -e '^role:master' -e '^master_link_status:up'
