# shellcheck shell=bash
# cargo-deny, which says what may not be among the libraries. Built without optimisation: it runs for
# seconds, and is built for minutes. The database of known weaknesses comes over git, and is not asked.

peer cargo-deny v0.20.2
heavy
takes 'building with cargo (some three minutes the first time)'

fetch() {
  env -u RUSTFLAGS cargo install cargo-deny --version 0.20.2 --locked --debug --root "$1/made"
  mv "$1/made/bin/cargo-deny" "$1/cargo-deny"
  prints 'cargo-deny 0.20.2' "$1/cargo-deny" --version
}
