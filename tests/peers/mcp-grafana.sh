# shellcheck shell=bash
# Grafana's MCP server, which is written in Go: tests/pods runs it as a pod.

peer mcp-grafana v1.6.3
heavy
needs go 1.26.5
needs pods
takes "building with go$(go_version) (some six minutes the first time)"

fetch() {
  go_install "$1" github.com/grafana/mcp-grafana/cmd/mcp-grafana v1.6.3 \
    h1:Ah0KihMYqrsItUp5nrka8H5FYgAvG/nLnVr6xPmiUxY=
  prints v1.6.3 "$1/mcp-grafana" --version
}
