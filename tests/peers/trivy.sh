# shellcheck shell=bash
# trivy, for its scan of Kubernetes manifests (`trivy config`) with the checks that are built in. What comes
# into bin starts it without the network: it asks for no newer checks and no newer version, and reports
# nothing. Its home and its cache are a folder beside it.

peer trivy v0.74.0
heavy
needs go 1.26.3
takes "building 230 MB with go$(go_version) (some twelve minutes the first time)"

fetch() {
  local home=$peers_dir/trivy
  rm -rf "$home"
  mkdir -p "$home"
  # It imports encoding/json/v2, which Go 1.26 has as an experiment.
  GOEXPERIMENT=jsonv2 go_install "$home" github.com/aquasecurity/trivy/cmd/trivy v0.74.0 \
    h1:B2/h1Aehsq/zykg0jxpWUlOX7e3UXpbxjZZs/0vNlC4= -ldflags \
    '-s -w -X github.com/aquasecurity/trivy/pkg/version/app.ver=0.74.0'
  {
    printf '#!/bin/sh\nexport HOME=%q TRIVY_CACHE_DIR=%q\n' "$home" "$home/cache"
    printf 'export TRIVY_SKIP_CHECK_UPDATE=true TRIVY_SKIP_VERSION_CHECK=true TRIVY_DISABLE_TELEMETRY=true\n'
    printf 'exec %q "$@"\n' "$home/trivy"
  } >"$1/trivy"
  chmod +x "$1/trivy"
  prints 0.74.0 "$1/trivy" --version
}
