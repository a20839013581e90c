"""An MCP server as small as can be: mcp_server.py TRANSPORT, with http or sse for TRANSPORT.

It listens on a port of 127.0.0.1 that is free, prints the port, and ends when it is killed or after
ten minutes. The set's contract is kept: /health, /ready and /metrics beside /mcp or /sse.
"""

import signal
import socket
import sys

import jwt
import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from starlette.requests import Request
from starlette.responses import PlainTextResponse

LIFETIME_SECONDS = 600
AUDIENCE = "mcp"

server = MCPServer("test")
calls = 0


@server.tool()
def add(a: int, b: int) -> int:
    """The sum of two numbers."""
    global calls
    calls += 1
    return a + b


@server.tool()
def identity(issuer: str, ctx: Context) -> dict:
    """Who calls, as the token says that `issuer` signed; an error where it did not; {} without one."""
    authorization = ctx.request_context.request.headers.get("authorization")
    if authorization is None:
        return {}
    token = authorization.removeprefix("Bearer ")
    keys = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json", timeout=5)
    key = keys.get_signing_key_from_jwt(token)
    required = {"require": ["iss", "aud", "exp", "sub"]}
    return jwt.decode(
        token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=issuer, options=required
    )


@server.custom_route("/health", methods=["GET"])
@server.custom_route("/ready", methods=["GET"])
async def fine(_: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


@server.custom_route("/metrics", methods=["GET"])
async def metrics(_: Request) -> PlainTextResponse:
    return PlainTextResponse(f"# TYPE test_calls_total counter\ntest_calls_total {calls}\n")


signal.alarm(LIFETIME_SECONDS)
app = {"http": server.streamable_http_app, "sse": server.sse_app}[sys.argv[1]]()
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
