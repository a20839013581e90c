# shellcheck shell=bash
# Both sides of Argo CD's plugin protocol: argocd-cmp-server, which runs in the plugin's sidecar, and a
# client that asks it with the packages of Argo CD's repo-server.
#
# `go install` refuses Argo CD's module, because it replaces its gitops-engine by a folder that the
# module leaves out. tests/peers/argocd/go.mod names a published one instead.

peer argocd-cmp-server v3.5.7
peer argocd-cmp-client v3.5.7
heavy
needs go 1.26.3
takes "building with go$(go_version) (some eight minutes the first time)"

fetch() {
  local program
  cp -r tests/peers/argocd "$1/source"
  # -mod=mod, in a copy: go adds what go.mod and go.sum leave out.
  (cd "$1/source" && env GOBIN="$1" GOFLAGS='-trimpath -mod=mod' GOTOOLCHAIN=local GOWORK=off \
    GO111MODULE=on GOOS= GOARCH= CGO_ENABLED=0 go install -ldflags '-s -w' ./...)
  for program in "$1/argocd-cmp-server" "$1/argocd-cmp-client"; do
    prints h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0= go version -m "$program"
    prints h1:0tKOg3Fxd5cqVemntg63MqCjk7wqVV32vbVGWOGyhR8= go version -m "$program"
  done
  prints --config-dir-path "$1/argocd-cmp-server" --help
}
