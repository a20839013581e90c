"""The proxy's custom_auth: a key `sk-TEAM` for each team of grants.json, and what its grant gives.

The real way, POST /team/new and a key of that team, needs a database. What is posted there is read here,
by the type that LiteLLM reads it with.
"""

import json
from pathlib import Path

from litellm.proxy._types import (
    LiteLLM_ObjectPermissionTable,
    LitellmUserRoles,
    NewTeamRequest,
    ProxyException,
    UserAPIKeyAuth,
)

grants = json.loads(Path(__file__).with_name("grants.json").read_text())
teams = {grant["team_alias"]: NewTeamRequest(**grant) for grant in grants}


def permission(team: NewTeamRequest) -> LiteLLM_ObjectPermissionTable:
    given = team.object_permission.model_dump(exclude_none=True)
    return LiteLLM_ObjectPermissionTable(object_permission_id=team.team_alias, **given)


async def authenticate(request, api_key: str) -> UserAPIKeyAuth:
    if api_key == "sk-guest":
        return UserAPIKeyAuth(
            api_key=api_key, user_id="bob", user_role=LitellmUserRoles.INTERNAL_USER
        )
    team = teams.get(api_key.removeprefix("sk-"))
    if team is None:
        raise ProxyException(message="unknown key", type="auth_error", param="key", code=401)
    return UserAPIKeyAuth(
        api_key=api_key,
        user_id="alice",
        user_email="alice@example.com",
        team_id=team.team_alias,
        user_role=LitellmUserRoles.INTERNAL_USER,
        object_permission=permission(team),
    )
