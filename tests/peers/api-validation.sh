# shellcheck shell=bash
# The API server's own code, asked whether it would create an object: all that it looks at between a request
# and its storage, of the built-in kinds.
#
# Kubernetes' module cannot be installed by `go install`: it requires its parts without a version.
# tests/peers/api-validation/go.mod names those of the same release.

peer api-validation v1.36.3
heavy
needs go 1.26.0
takes "building with go$(go_version) (some four minutes the first time)"

fetch() {
  cp -r tests/peers/api-validation "$1/source"
  # -mod=mod, in a copy: go adds what go.mod and go.sum leave out.
  (cd "$1/source" && env GOBIN="$1" GOFLAGS='-trimpath -mod=mod' GOTOOLCHAIN=local GOWORK=off \
    GO111MODULE=on GOOS= GOARCH= CGO_ENABLED=0 go install -ldflags '-s -w' ./...)
  prints h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o= go version -m "$1/api-validation"
  prints '0 taken, 0 refused' "$1/api-validation"
}
