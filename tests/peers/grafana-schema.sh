# shellcheck shell=bash
# The JSON schemas of Grafana's classic dashboards, made from the types that Grafana publishes: a program
# that prints them as one object, with the keys dashboard, heatmap, stat, table, text and timeseries.

peer grafana-schema v13.2.3
heavy
needs npm
takes 'downloading 40 MB with npm, and making schemas of types'

fetch() {
  cp -r tests/peers/grafana-schema "$1/source"
  (cd "$1/source" && npm ci --loglevel=error --ignore-scripts --no-audit --no-fund &&
    node schemas.js >schemas.json)
  { printf '%s\n' '#!/bin/sh' 'exec tail -n +3 "$0"' && cat "$1/source/schemas.json"; } >"$1/grafana-schema"
  chmod +x "$1/grafana-schema"
  prints '"timeseries":{' "$1/grafana-schema"
}
