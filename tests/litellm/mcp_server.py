"""An MCP server as small as can be: mcp_server.py TRANSPORT HOST PORT, with http or sse for TRANSPORT.

It keeps the set's contract (/health, /ready and /metrics beside /mcp or /sse), reads what its Deployment
says of users' tokens from the environment, and ends when it is killed or after ten minutes.
"""

import os
import signal
import sys

import jwt
import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from starlette.requests import Request
from starlette.responses import PlainTextResponse

LIFETIME_SECONDS = 600

server = MCPServer("test")
calls = 0


@server.tool()
def add(a: int, b: int) -> int:
    """The sum of two numbers."""
    global calls
    calls += 1
    return a + b


@server.tool()
def forget() -> str:
    """What nobody should be offered."""
    return "forgotten"


@server.tool()
def header(name: str, ctx: Context) -> str:
    """The header of this very call, or nothing."""
    return ctx.request_context.request.headers.get(name, "")


@server.tool()
def identity(ctx: Context) -> dict:
    """Who calls, as the proxy's token says; an error where the proxy did not sign it; {} without one."""
    authorization = ctx.request_context.request.headers.get("authorization")
    if authorization is None:
        return {}
    token = authorization.removeprefix("Bearer ")
    keys = jwt.PyJWKClient(os.environ["MCP_AUTH_JWKS_URI"], timeout=5)
    return jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token),
        algorithms=["RS256"],
        audience=os.environ["MCP_AUTH_AUDIENCE"],
        issuer=os.environ["MCP_AUTH_ISSUER"],
        options={"require": ["iss", "aud", "exp", "sub"]},
    )


@server.custom_route("/health", methods=["GET"])
@server.custom_route("/ready", methods=["GET"])
async def fine(_: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


@server.custom_route("/metrics", methods=["GET"])
async def metrics(_: Request) -> PlainTextResponse:
    return PlainTextResponse(f"# TYPE test_calls_total counter\ntest_calls_total {calls}\n")


signal.alarm(LIFETIME_SECONDS)
transport, host, port = sys.argv[1:]
app = {"http": server.streamable_http_app, "sse": server.sse_app}[transport](host=host)
uvicorn.run(app, host=host, port=int(port), log_level="warning")
