# shellcheck shell=bash
# The language server of Red Hat's YAML extension, which other editors run as well: what it says of a set
# by its schema. It stays where it is made, and what comes into bin starts it.

peer yaml-language-server v2.0.0
heavy
needs npm
takes 'installing 21 MB with npm (some ten seconds)'

fetch() {
  local home=$peers_dir/yaml-language-server
  rm -rf "$home"
  mkdir -p "$home"
  cp tests/peers/yaml-language-server/package*.json "$home/"
  (cd "$home" && npm ci --loglevel=error --ignore-scripts --no-audit --no-fund)
  prints '"version": "2.0.0"' cat "$home/node_modules/yaml-language-server/package.json"
  printf '#!/bin/sh\nexec node %q "$@"\n' "$home/node_modules/.bin/yaml-language-server" \
    >"$1/yaml-language-server"
  chmod +x "$1/yaml-language-server"
}
