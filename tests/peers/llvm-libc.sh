# shellcheck shell=bash
# The C library of LLVM, of which the binary of a release has what copies and compares memory: the archive
# itself, under a name that starts nothing.

peer llvm-libc v19.1.7
heavy
needs linux-x86_64
needs apt
takes 'downloading 0.5 MB with apt-get'

fetch() {
  local attempt
  # Beside it, the packages of debian.sh are installed: who brings the lists of packages locks them.
  for attempt in {1..40}; do
    if (cd "$1" && apt-get download -q libllvmlibc-19-dev); then
      break
    fi
    [ "$attempt" -lt 24 ] || apt-get update -q || true
    sleep 5
  done
  (cd "$1" && dpkg-deb --extract libllvmlibc-19-dev_*.deb .)
  mv "$1/usr/lib/llvm-19/lib/libllvmlibc.a" "$1/llvm-libc"
  chmod +x "$1/llvm-libc"
  prints memcpy.cpp.o ar t "$1/llvm-libc"
}
