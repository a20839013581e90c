# shellcheck shell=bash
# Prometheus, which scrapes and answers, and promtool, which checks and tests rules.
#
# Only service discovery by file and by static list is built in; the others bring the SDKs of a dozen
# clouds. A linker flag names the version, as in the releases.

peer prometheus v3.16.0
peer promtool v3.16.0
needs go 1.26.7
takes "building with go$(go_version) (three to seven minutes the first time)"

fetch() {
  local program
  go_install "$1" github.com/prometheus/prometheus/cmd/... v0.316.0 \
    h1:f1GRFerhTMKQma+awCoC9T820ecWeGSdF+xAlMHzZzM= -tags remove_all_sd \
    -ldflags '-s -w -X github.com/prometheus/common/version.Version=3.16.0'
  for program in prometheus promtool; do
    prints "$program, version 3.16.0" "$1/$program" --version
  done
}
