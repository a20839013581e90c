# shellcheck shell=bash
# The JSON schemas of CycloneDX, from the npm package of its JavaScript library: a program that prints
# them as one object, by the names that they have for each other.

peer cyclonedx-schema v10.3.0
heavy
needs npm
takes 'downloading 1 MB with npm'

fetch() {
  local name
  npm_package "$1" @cyclonedx/cyclonedx-library 10.3.0 \
    9833bd949052eb18218dd64b13ad62d9246f7395eef01c66dad08fcbacf74f01
  {
    printf '%s\n' '#!/bin/sh' 'exec tail -n +3 "$0"'
    printf '{'
    for name in bom-1.5 jsf-0.82 spdx; do
      printf '"%s":' "$name"
      cat "$1/package/res/schema/$name.SNAPSHOT.schema.json"
      [ "$name" = spdx ] || printf ','
    done
    printf '}\n'
  } >"$1/cyclonedx-schema"
  chmod +x "$1/cyclonedx-schema"
  prints 'CycloneDX Software Bill of Materials Standard' "$1/cyclonedx-schema"
}
