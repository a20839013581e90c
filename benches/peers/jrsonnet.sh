# shellcheck shell=bash
# jrsonnet, which evaluates Jsonnet. Every version on crates.io is a preliminary one.

peer jrsonnet v0.5.0-pre98
takes 'building with cargo (some minutes)'

fetch() {
  env -u RUSTFLAGS cargo install jrsonnet --version 0.5.0-pre98 --locked --root "$1/made"
  mv "$1/made/bin/jrsonnet" "$1/jrsonnet"
  prints 0.5.0-pre98 "$1/jrsonnet" --version
}
