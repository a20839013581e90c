# shellcheck shell=bash
# Grafana's dashboard-linter.
#
# Its module replaces a dependency, so `go install` refuses it; and two others, for LogQL and for
# dashboards of schema v2, are under the AGPL. tests/peers/dashboard-linter has stand-ins for these two.

peer dashboard-linter v0.2.0
heavy
needs go 1.26.3
takes "building with go$(go_version) (some three minutes the first time)"

fetch() {
  cp -r tests/peers/dashboard-linter "$1/source"
  # -mod=mod, in a copy: go adds what go.mod and go.sum leave out.
  (cd "$1/source" && env GOBIN="$1" GOFLAGS='-trimpath -mod=mod' GOTOOLCHAIN=local GOWORK=off \
    GO111MODULE=on GOOS= GOARCH= CGO_ENABLED=0 go install github.com/grafana/dashboard-linter)
  prints h1:VV2GAwqCgY1VavwYD+Cw/tAeVXgFJxSIZnkEwgGUzJU= go version -m "$1/dashboard-linter"
  prints target-rate-interval-rule "$1/dashboard-linter" rules
}
