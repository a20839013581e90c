# shellcheck shell=bash
# kubeconform, with the strict schemas of Kubernetes 1.36 in place of those that it would download.
#
# kubernetes-validate, a Python package, carries them; nothing else of it is used. Schemas of custom
# resources are for the caller to add, with -schema-location.

peer kubeconform v0.8.0
heavy
needs go 1.26
needs python 3.9 3.14
takes "building with go$(go_version), and downloading 23 MB with pip (half a minute)"

fetch() {
  local home=$peers_dir/kubeconform
  rm -rf "$home"
  mkdir -p "$home"
  go_install "$home" github.com/yannh/kubeconform/cmd/kubeconform v0.8.0 \
    h1:loDYd3a3spjIFrauqW67CDKF55Oo9R6uvC8AvpVd4ug=
  python3 -m venv "$1/venv"
  "$1/venv/bin/python" -I -m pip download --quiet --disable-pip-version-check --no-input --no-cache-dir \
    --no-deps --require-hashes --only-binary :all: --dest "$1" -r tests/peers/kubeconform/requirements.txt
  python3 tests/peers/kubeconform/schemas.py "$1"/kubernetes_validate-*.whl \
    kubernetes_validate/kubernetes-json-schema/v1.36.0-local-strict/ "$home/schemas"
  # A schema's name is a template of kubeconform's.
  printf '#!/bin/sh\nexec %q -strict -schema-location %q "$@"\n' "$home/kubeconform" \
    "$home/schemas/{{.ResourceKind}}{{.KindSuffix}}.json" >"$1/kubeconform"
  chmod +x "$1/kubeconform"
  prints 'Valid: 1' "$1/kubeconform" -summary - \
    <<<'{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {minAvailable: 1}}'
}
