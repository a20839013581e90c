# shellcheck shell=bash
# The compiler that benches/instructions.txt is of, with what it links into the binary of a release: the
# instructions of another's code say nothing. The stamp is of the compiler that is here, so that a newer one
# is seen.

peer recorded-rustc "v$(rustc --version 2>/dev/null | cut -d ' ' -f 2)"
heavy
needs linux-x86_64
needs python 3.9 3.99
needs rust "$(sed -n 's/^compiler *rustc \([^ ]*\) .*/\1/p' benches/instructions.txt)" \
  'install that one, or record the counts of this one with benches/instructions --record'
takes 'asking rustup for the C library of a release, where it is not there'

fetch() {
  local target=x86_64-unknown-linux-musl
  if ! [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
    rustup target add "$target"
  fi
  # By its own name: rustup goes by it.
  printf '#!/bin/sh\nexec %q "$@"\n' "$(command -v rustc)" >"$1/recorded-rustc"
  chmod +x "$1/recorded-rustc"
  prints 'rustc ' "$1/recorded-rustc" --version
}
