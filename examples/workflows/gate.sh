#!/usr/bin/env bash
# The gate by its command line, for any pipeline: fetches one commit of it, runs it, and exits with its code. See docs/workflows.md.
#
#   MCP_GATE_COMMIT=… gate.sh deploy/mcp-gate.yaml --policies policies --junit mcp-gate.xml
#
# Needs git and Node 20.18 or later. What is given after the script's name goes to "mcp-gate check".
set -euo pipefail

repository=${MCP_GATE_REPOSITORY:-https://github.com/OWNER/mcp-deploy-gate}
commit=${MCP_GATE_COMMIT:-0000000000000000000000000000000000000000} # put the commit of a release here
home=${MCP_GATE_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/mcp-deploy-gate}/$commit

if [[ ! $commit =~ ^[0-9a-f]{40}$ || $commit =~ ^0+$ ]]; then
  echo "gate.sh: expected MCP_GATE_COMMIT to be the full commit of a release, saw '$commit'" >&2
  exit 2
fi
if [[ ! -f $home/dist/cli.js ]]; then
  rm -rf "$home"
  part=$(mktemp -d)
  trap 'rm -rf "$part"' EXIT
  git init --quiet "$part"
  if ! git -C "$part" fetch --quiet --depth 1 "$repository" "$commit" || ! git -C "$part" checkout --quiet FETCH_HEAD; then
    echo "gate.sh: expected the commit $commit in $repository; nothing was gated" >&2
    exit 2
  fi
  mkdir -p "$(dirname "$home")"
  mv "$part" "$home"
fi

# 0 allowed, 1 denied, 2 a mistake in manifest, inputs or policies, 3 undecided: only 0 may be deployed.
exec node "$home/dist/cli.js" check --report mcp-gate-report.json "$@"
