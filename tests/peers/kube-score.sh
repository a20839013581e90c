# shellcheck shell=bash
# kube-score, which looks for what makes workloads unreliable or unsafe.

peer kube-score v1.20.0
heavy
needs go 1.23
takes "building with go$(go_version) (half a minute the first time)"

fetch() {
  go_install "$1" github.com/zegl/kube-score/cmd/kube-score v1.20.0 \
    h1:J1VqK86SunV4Gg8emPTmwUVxe0rmXnAs5K9ZUbGMKR8=
  prints pod-probes-identical "$1/kube-score" list
}
