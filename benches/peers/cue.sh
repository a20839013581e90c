# shellcheck shell=bash
# CUE's command.

peer cue v0.17.1
needs go 1.25
takes "building with go$(go_version) (a minute or two the first time)"

fetch() {
  go_install "$1" cuelang.org/go/cmd/cue v0.17.1 \
    h1:liOkxZDqTHrzq0USJX+6bMYOZ5PSf+wzvQr15AHpDCQ=
  prints v0.17.1 "$1/cue" version
}
