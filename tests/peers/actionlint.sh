# shellcheck shell=bash
# actionlint, which reads workflows as GitHub does.

peer actionlint v1.7.12
heavy
needs go 1.24
takes "building with go$(go_version) (half a minute the first time)"

fetch() {
  go_install "$1" github.com/rhysd/actionlint/cmd/actionlint v1.7.12 \
    h1:vQ4GeJN86C0QH+gTUQcs8McmK62OLT3kmakPMtEWYnY=
  prints 1.7.12 "$1/actionlint" -version
}
