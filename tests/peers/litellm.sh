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
python3 -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null ||
  lack 'Python 3.11 to 3.14 with venv and pip, and python3 is none: install it'
# Each program has an /etc/hosts of its own, for the names of the cluster.
unshare --map-root-user --mount true 2>/dev/null ||
  lack 'namespaces of its own for a user (unshare --map-root-user --mount), and this machine gives none'
takes 'installing 740 MB with pip (some two minutes)'

fetch() {
  local home=$peers_dir/litellm program
  rm -rf "$home"
  # Packages are unpacked, never built.
  python3 -m venv "$home"
  "$home/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-input --no-cache-dir \
    --require-hashes --only-binary :all: -r tests/peers/litellm/requirements.txt
  start litellm "-c 'from litellm.proxy.proxy_cli import run_server; run_server()'" >"$1/litellm"
  start mcp-python >"$1/mcp-python"
  for program in "$1/litellm" "$1/mcp-python"; do
    chmod +x "$program"
  done
  printf '%s\n' 'from importlib.metadata import version' 'print(version("litellm"), version("mcp"))' \
    >"$1/versions.py"
  prints '1.106.2 2.3.0' "$1/mcp-python" "$1/versions.py"
}

# start NAME [CODE]: a program that starts the Python of the virtual environment, on CODE.
start() {
  printf '#!/bin/sh\nexec %q -I %s "$@"\n' "$peers_dir/litellm/bin/python" "${2:-}"
}
