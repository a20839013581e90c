# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is for the scripts that read this
# What the scripts of this folder share. Whatever they make lies under target/dist.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# The compiler of releases. Another one makes other bytes of the same source.
rust=1.95.0

# What a release is built for: a static binary needs nothing of the machine that it runs on.
targets=(x86_64-unknown-linux-musl aarch64-unknown-linux-musl)

dist=target/dist
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)

# The time that files in archives have: that of the commit, or the caller's word.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 315532800)}
export SOURCE_DATE_EPOCH

say() { printf '==> %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# needs PROGRAM…: fails unless all are on the PATH.
needs() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || fail "$program is not on the PATH; install it"
  done
}

# help SCRIPT: prints the comment at its top.
help() { sed -n '2,/^set /s/^# \{0,1\}//p' "$1"; }

# architecture TARGET: as Helm, Go and container images call it.
architecture() {
  case $1 in
    x86_64-*) echo amd64 ;;
    aarch64-*) echo arm64 ;;
    *) fail "no architecture is known for $1; there are ${targets[*]}" ;;
  esac
}

# archive FILE FOLDER NAME…: what is called so in the folder, as .tar.gz. The same content gives the
# same bytes, whoever packs it.
archive() {
  local file=$1 folder=$2
  shift 2
  tar --create --format=ustar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 \
    --numeric-owner --mode=u=rwX,go=rX --directory "$folder" "$@" | gzip --no-name -9 >"$file"
}

# checksums FOLDER: writes what sha256sum --check reads, for all that a release offers.
checksums() { (cd "$1" && LC_ALL=C sha256sum mcpset-* >SHA256SUMS); }

# crates EDGES: the name and version of each crate that the binaries are made with, one a line; EDGES
# are those of cargo tree.
crates() {
  local target arguments=()
  for target in "${targets[@]}"; do
    arguments+=(--target "$target")
  done
  cargo tree --locked --edges "$1" --prefix none --format '{p}' "${arguments[@]}" |
    sed -nE 's/^([^ ]+) v([^ ]+).*/\1 \2/p' | LC_ALL=C sort -u
}
