"""A real MCP client: lists the tools of a server, calls one of them, as a JSON object on the command line says
it, and prints what it saw as another one. What goes wrong, it prints with the statuses of all answers.

{"url": …, "transport": "http" or "sse", "headers": {…}, "tool": … or "", "arguments": {…}, "vanishes": …}
"""

import asyncio
import json
import os
import sys
import traceback

import httpx2
from mcp.client import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client

statuses = []


def http_client(headers=None, timeout=None, auth=None):
    async def note(response):
        statuses.append(response.status_code)

    timeout = timeout or httpx2.Timeout(60)
    return httpx2.AsyncClient(headers=headers, timeout=timeout, auth=auth, event_hooks={"response": [note]})


def transport(call):
    if call["transport"] == "sse":
        return sse_client(call["url"], headers=call["headers"], httpx_client_factory=http_client)
    return streamable_http_client(call["url"], http_client=http_client(call["headers"]))


async def main(call):
    async with Client(transport(call), read_timeout_seconds=60) as client:
        tools = await client.list_tools()
        seen = {"server": client.server_info.name, "tools": sorted(tool.name for tool in tools.tools)}
        if call["tool"]:
            result = await client.call_tool(call["tool"], call["arguments"])
            texts = [content.text for content in result.content if content.type == "text"]
            seen |= {"isError": bool(result.is_error), "text": "\n".join(texts)}
        print(json.dumps(seen), flush=True)
        if call["vanishes"]:
            os._exit(0)


try:
    asyncio.run(main(json.loads(sys.argv[1])))
except Exception:
    traceback.print_exc()
    sys.exit(f"statuses: {statuses}")
