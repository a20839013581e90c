# shellcheck shell=bash
# kustomize, the host of the KRM function.

peer kustomize v5.8.1
needs go 1.24
takes "building with go$(go_version) (about a minute the first time)"

fetch() {
  go_install "$1" sigs.k8s.io/kustomize/kustomize/v5 v5.8.1 \
    h1:Pgsg5psubpVEy7Nf6S89PARg5VmmWUC1l9dC6Dl4PG0=
  prints v5.8.1 "$1/kustomize" version
}
