"""What calls what, among workloads that move together: small enough to be drawn."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from migrascope.model.base import Frozen

Kind = Literal["hard", "soft", "unknown", "seen"]
"""Cannot run apart, can, nobody said; or it was seen and the plan does not name it."""


class Group(Frozen):
    """A unit of workloads that move together."""

    unit: str
    name: str
    members: int
    stays: bool = False


class Tie(Frozen):
    """Calls from one group to another, as places in `groups`; `kind` is that of the tightest of them."""

    caller: int
    callee: int
    kind: Kind
    calls: int = 1


class Landscape(Frozen):
    """The groups that call another or are called, those with most ties first, and their ties."""

    groups: tuple[Group, ...]
    ties: tuple[Tie, ...]
    left_out: int = Field(default=0, description="Groups with ties for which a picture has no room")
    apart: int = Field(default=0, description="Groups that call nothing and that nothing is known to call")
    shared: tuple[str, ...] = Field(default=(), description="Services that most workloads need, left out of the picture")
