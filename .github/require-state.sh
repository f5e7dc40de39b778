#!/usr/bin/env bash
# Ends the job when the state of stack $STACK would be lost with this runner, or cannot be read by it.
set -eu

if [ -z "$PULUMI_BACKEND_URL" ] && [ -z "$PULUMI_ACCESS_TOKEN" ]; then
  echo "::error::The environment of $STACK needs the secret PULUMI_BACKEND_URL or PULUMI_ACCESS_TOKEN: a state on this runner would be lost with it."
  exit 3
fi
# A secret that is not set arrives as an empty text, which would be taken for a passphrase. A key of a cloud needs none.
if [ -z "$PULUMI_ACCESS_TOKEN" ] && [ -z "$PULUMI_CONFIG_PASSPHRASE" ] && ! grep -q '^secretsprovider:' "Pulumi.$STACK.yaml"; then
  echo "::error::The environment of $STACK needs the secret PULUMI_CONFIG_PASSPHRASE, which encrypts the secrets in its state."
  exit 3
fi
