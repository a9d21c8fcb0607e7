"""Nothing but reading: every call that is not on our own list is refused before anything of it is built or signed."""

from __future__ import annotations

from typing import Any, Final

from migrascope.collectors.aws.catalogue import every_call

OPENING: Final = frozenset(
    {
        "sts:GetCallerIdentity",
        "sts:AssumeRole",
        "sts:AssumeRoleWithWebIdentity",
        "sso:GetRoleCredentials",
        "sso-oidc:CreateToken",
        "signin:CreateOAuth2Token",
        "ec2:DescribeRegions",
        "organizations:ListAccounts",
        "iam:GenerateCredentialReport",
    }
)
"""Calls besides the catalogue: how we sign in, who we are, where we may ask, and the report that AWS makes ready."""


class ForbiddenCallError(RuntimeError):
    """A call that is not on the list."""


def allowed() -> frozenset[str]:
    """Every call that may be made."""
    return OPENING | {operation.name for operation in every_call()}


def install(events: Any) -> None:
    """Put the guard before all other handlers of a botocore event emitter."""
    names = allowed()

    def refuse(model: Any, **_: Any) -> None:
        name = f"{model.service_model.service_name}:{model.name}"
        if name not in names:
            raise ForbiddenCallError(f"{name} is not on the list of calls that only read")

    events.register_first("provide-client-params", refuse)
