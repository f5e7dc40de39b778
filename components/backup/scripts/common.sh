#!/usr/bin/env bash
# What the scripts of dumps and drills share.

# The one line that tells why a program failed, out of what it said.
reason() {
  local line
  line=$(grep -sm 1 -aE 'ERROR:|FATAL:|error:|An error occurred|Errno|^dd: ' "$1" || grep -sav '^[[:space:]]*$' "$1" | tail -n 1) ||
    line="it said nothing"
  printf '%s' "${line//$'\r'/}"
}
