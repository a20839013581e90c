# shellcheck shell=bash
# What a Debian has as packages and cannot be moved elsewhere: shells that complete, programs that set
# manual pages, a linter of scripts, a tracer of system calls, a counter of instructions, and podman for
# the image. They are installed on the machine itself where they are not there yet; what comes into bin
# starts them.

peer fish vdebian
peer groff vdebian
peer mandoc vdebian
peer podman vdebian
peer shellcheck vdebian
peer strace vdebian
peer valgrind vdebian
peer zsh vdebian
heavy
needs debian fish groff mandoc podman runc shellcheck strace valgrind zsh
takes 'installing some 150 MB with apt-get'

fetch() {
  local program
  if ! has fish groff mandoc podman runc shellcheck strace valgrind zsh; then
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q --yes --no-install-recommends \
      -o DPkg::Lock::Timeout=600 fish groff-base mandoc podman runc \
      shellcheck strace valgrind zsh
  fi
  for program in fish groff mandoc shellcheck strace zsh; do
    ln -s "$(command -v "$program")" "$1/$program"
  done
  # It looks for its parts beside the name that it was started by.
  printf '#!/bin/sh\nexec %q "$@"\n' "$(command -v valgrind)" >"$1/valgrind"
  chmod +x "$1/valgrind"
  prints 'valgrind-' "$1/valgrind" --version
  # runc, since crun refuses machines with both versions of control groups; and no limits that an
  # unprivileged machine may not raise.
  mkdir -p "$peers_dir/podman"
  printf '[engine]\nruntime = "runc"\n[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n' \
    >"$peers_dir/podman/containers.conf"
  printf '#!/bin/sh\nCONTAINERS_CONF=%q exec %q "$@"\n' \
    "$peers_dir/podman/containers.conf" "$(command -v podman)" >"$1/podman"
  chmod +x "$1/podman"
  prints 'podman version' "$1/podman" --version
}
