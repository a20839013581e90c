# shellcheck shell=bash
# kubectl-validate: the API server's own validation of custom resources, and of their definitions, without
# an API server.

peer kubectl-validate v0.0.4
heavy
needs go 1.22
takes "building with go$(go_version) (some four minutes the first time)"

fetch() {
  go_install "$1" sigs.k8s.io/kubectl-validate v0.0.4 h1:tGKuv0awYHn11Cb6KPsZKxUmHgavF46K3NvVH0Nse9U=
  prints 'local-crds' "$1/kubectl-validate" --help
}
