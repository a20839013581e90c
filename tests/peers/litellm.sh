# shellcheck shell=bash
# LiteLLM's proxy and the MCP SDK, in one virtual environment. A virtual environment cannot be moved, so
# it is made where it stays, and what comes into bin are two programs that start what it holds:
#
#   litellm OPTION…        the proxy
#   mcp-python FILE WORD…  Python with the MCP SDK

peer litellm v1.106.2
peer mcp-python v2.3.0
heavy
# What is pinned needs 3.11, and LiteLLM takes none newer than 3.14.
needs python 3.11 3.14
# Each program has an /etc/hosts of its own, for the names of the cluster.
unshare --map-root-user --mount true 2>/dev/null ||
  lack 'namespaces of its own for a user (unshare --map-root-user --mount), and this machine gives none'
takes 'installing 740 MB with pip (some two minutes)'

fetch() {
  local home=$peers_dir/litellm program
  python_packages "$home" tests/peers/litellm/requirements.txt
  python_program "$home" 'from litellm.proxy.proxy_cli import run_server; run_server()' >"$1/litellm"
  python_program "$home" >"$1/mcp-python"
  for program in "$1/litellm" "$1/mcp-python"; do
    chmod +x "$program"
  done
  printf '%s\n' 'from importlib.metadata import version' 'print(version("litellm"), version("mcp"))' \
    >"$1/versions.py"
  prints '1.106.2 2.3.0' "$1/mcp-python" "$1/versions.py"
}
