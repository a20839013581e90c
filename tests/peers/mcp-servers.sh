# shellcheck shell=bash
# Real MCP servers, and bridges to those that speak stdio: what tests/pods runs as pods. A virtual
# environment stays where it is made, so they all lie in one folder, and what comes into bin prints its
# name. The Python servers are two environments, as some of them need the SDK from before its version 2.
#
#   npm/node_modules/.bin  the servers from npm
#   sdk-1/bin, sdk-2/bin   the servers from PyPI

peer mcp-servers v2
heavy
needs linux-x86_64
needs npm
needs python 3.11 3.14
needs pods
takes 'installing 1 GB with npm and pip (some five minutes)'

fetch() {
  local home=$peers_dir/mcp-servers sdk job jobs='' failed=''
  rm -rf "$home"
  mkdir -p "$home/npm"
  cp tests/peers/mcp-servers/package*.json "$home/npm/"
  (cd "$home/npm" && npm ci --loglevel=error --ignore-scripts --no-audit --no-fund) &
  jobs=$!
  for sdk in sdk-1 sdk-2; do
    python_packages "$home/$sdk" "tests/peers/mcp-servers/$sdk.txt" &
    jobs="$jobs $!"
  done
  for job in $jobs; do
    wait "$job" || failed=true
  done
  [ -z "$failed" ]
  printf '#!/bin/sh\necho %q\n' "$home" >"$1/mcp-servers"
  chmod +x "$1/mcp-servers"
  prints 2.1.64 grep '"version"' "$home/npm/node_modules/@zereight/mcp-gitlab/package.json"
  prints 4.2.3 "$home/sdk-2/bin/fastmcp" version
  prints 0.23.1 "$home/sdk-1/bin/mcp-atlassian" --version
}
