# shellcheck shell=bash
# kpt, where the machine has it: it is neither to be had from the module proxy nor from Debian.

peer kpt vmachine
heavy
needs kpt
takes 'linking to that of this machine'

fetch() {
  ln -s "$(command -v kpt)" "$1/kpt"
  prints 1. "$1/kpt" version
}
