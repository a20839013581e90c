# shellcheck shell=bash
# Postgres's MCP server, in a virtual environment, which stays where it is made: tests/pods runs it as a
# pod. It needs a newer Python than the other servers.

peer postgres-mcp v0.3.0
heavy
postgres_python=$(newer_python 12 13)
[ -n "$postgres_python" ] || lack 'Python 3.12 or 3.13 with venv and pip, and there is none: install it'
needs pods
takes 'installing 135 MB with pip (some twenty seconds)'

fetch() {
  local home=$peers_dir/postgres-mcp
  # Without dependencies, since the pglast that it asks for is not on PyPI.
  PATH=$postgres_python:$PATH PIP_NO_DEPS=true \
    python_packages "$home" tests/peers/postgres-mcp/requirements.txt
  printf '#!/bin/sh\nexec %q "$@"\n' "$home/bin/postgres-mcp" >"$1/postgres-mcp"
  chmod +x "$1/postgres-mcp"
  prints --sse-host "$1/postgres-mcp" --help
}
