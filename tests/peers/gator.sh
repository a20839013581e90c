# shellcheck shell=bash
# gator, which evaluates Gatekeeper's policies as Gatekeeper does, without a cluster. Its policies come
# with the call: it fetches none unless asked for.

peer gator v3.23.1
heavy
needs go 1.26
takes "building with go$(go_version) (some five minutes the first time)"

fetch() {
  go_install "$1" github.com/open-policy-agent/gatekeeper/v3/cmd/gator v3.23.1 \
    h1:njHTm0SJ6ZEhhEgmQTpJKTGQbc99fSs4hGiEp1OIKck=
  prints 'test evaluates resources' "$1/gator" --help
}
