"""The proxy's custom_auth: keys with the groups that a team's grant gives, which needs a database."""

from litellm.proxy._types import (
    LiteLLM_ObjectPermissionTable,
    LitellmUserRoles,
    ProxyException,
    UserAPIKeyAuth,
)


async def authenticate(request, api_key: str) -> UserAPIKeyAuth:
    if api_key == "sk-developer":
        return UserAPIKeyAuth(
            api_key=api_key,
            user_id="alice",
            user_email="alice@example.com",
            team_id="developers",
            user_role=LitellmUserRoles.INTERNAL_USER,
            object_permission=LiteLLM_ObjectPermissionTable(
                object_permission_id="developers", mcp_access_groups=["litellm-developers"]
            ),
        )
    if api_key == "sk-guest":
        return UserAPIKeyAuth(
            api_key=api_key, user_id="bob", user_role=LitellmUserRoles.INTERNAL_USER
        )
    raise ProxyException(message="unknown key", type="auth_error", param="key", code=401)
