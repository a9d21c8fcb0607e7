"""Facts about a server: its operating system, and until when that is supported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from migrascope.estate.subjects import ServerSubject
from migrascope.facts.asking import Asking
from migrascope.facts.observed import absent
from migrascope.knowledge import Lifetime
from migrascope.knowledge.operating_systems import identify, plain
from migrascope.model.uncertain import Bounds, Fact, Known, Missing, Unknown

F = TypeVar("F")


def _once_by_name(function: Callable[[Asking, ServerSubject], F]) -> Callable[[Asking, ServerSubject], F]:
    """What is known for sure of one pair of names is known of every server that carries the same pair."""

    @wraps(function)
    def answered(asking: Asking, server: ServerSubject) -> F:
        attributes = server.attributes
        if "readings" in server.record or "os_config" not in attributes or "os_tools" not in attributes:
            return function(asking, server)
        known = asking.once(_no_answers)
        key = (function, attributes["os_config"], attributes["os_tools"])
        value = known.get(key)
        if value is not None:
            return Known(value, server.where)  # type: ignore[return-value]
        answer = function(asking, server)
        if isinstance(answer, Known):
            known[key] = answer.value
        return answer

    return answered


def _no_answers(asking: Asking) -> dict[Any, Any]:
    return {}


def _os_names(server: ServerSubject) -> list[str]:
    """What the configuration and the guest itself call the operating system, where they say anything."""
    facts = ("os_config", "os_tools")
    attributes = server.attributes
    names = [attributes.get(fact) for fact in facts]
    if "readings" in server.record:
        names += [reading["value"] for reading in server.record["readings"] if reading["fact"] in facts]
    return [name for name in names if isinstance(name, str) and name]


def _lifetime(asking: Asking, server: ServerSubject, name: str) -> Lifetime | None:
    """The support period of one name, None where the name cannot be decided on."""
    known = asking.once(_no_lifetimes)
    if name not in known:
        known[name] = _looked_up(asking, server, name)
    return known[name]


def _no_lifetimes(asking: Asking) -> dict[str, Lifetime | None]:
    return {}


def _looked_up(asking: Asking, server: ServerSubject, name: str) -> Lifetime | None:
    system = identify(name) if name else None
    if system is None or not system.version:
        return None
    lifetime = asking.estate.knowledge.lifetimes.get((system.product, system.version))
    return lifetime if lifetime is not None and lifetime.ends is not None else None


def _lifetimes(asking: Asking, server: ServerSubject) -> list[Lifetime]:
    """The support periods of the names that can be decided."""
    found = (_lifetime(asking, server, name) for name in _os_names(server))
    return [lifetime for lifetime in found if lifetime is not None]


def _unheard(asking: Asking, server: ServerSubject) -> frozenset[Missing]:
    """Which of the two words about the operating system is missing. Only vSphere has two, and who says so itself."""
    vsphere = server.record.get("provider", "vsphere") == "vsphere"
    facts = [
        fact
        for fact in ("os_config", "os_tools")
        if vsphere or fact in server.attributes or asking.estate.coverage.covers(server.scopes, f"server.{fact}")
    ]
    absent = [server.absent(fact) for fact in facts if fact not in server.attributes]
    if not absent and "os_tools" in facts and _lifetime(asking, server, server.attributes["os_tools"]) is None:
        return Unknown.because("server", "os_tools", server.id, "undecidable").missing
    return frozenset().union(*absent)


def _earliest(asking: Asking, server: ServerSubject, days: list[dt.date]) -> Fact[dt.date] | Bounds:
    """The earliest of the days that the names stand for; where a word is missing it may be earlier still.

    So one name past its support is enough for a finding, and it takes both to be clear.
    """
    if not days:
        names = ", ".join(dict.fromkeys(_os_names(server)))
        if not names:
            return absent(server, "os_config")
        return Unknown.because("server", "os_config", server.id, "undecidable", names)
    missing = _unheard(asking, server)
    return Bounds(None, min(days), missing) if missing else Known(min(days), server.where)


def os_name(asking: Asking, server: ServerSubject) -> Fact[str]:
    """The operating system as its sources write it, both where they differ."""
    names = list(dict.fromkeys(_os_names(server)))
    return Known(" / ".join(names), server.where) if names else absent(server, "os_config")


@_once_by_name
def os_product(asking: Asking, server: ServerSubject) -> Fact[str]:
    """The product that its operating system is a version of; the guest's own word comes first."""
    for fact in ("os_tools", "os_config"):
        system = identify(server.attributes[fact]) if fact in server.attributes else None
        if system is not None:
            return Known(system.product, server.where)
    if _os_names(server):
        return Unknown.because("server", "os_config", server.id, "undecidable")
    return absent(server, "os_config")


@_once_by_name
def support_ends(asking: Asking, server: ServerSubject) -> Fact[dt.date] | Bounds:
    """Last day of public security updates for its operating system; the earlier one where two names differ."""
    return _earliest(asking, server, [life.ends for life in _lifetimes(asking, server) if life.ends])


@_once_by_name
def paid_support_ends(asking: Asking, server: ServerSubject) -> Fact[dt.date] | Bounds:
    """Last day of a paid extension of that support; the end of public support where there is no extension."""
    return _earliest(asking, server, [life.paid_until or life.ends for life in _lifetimes(asking, server) if life.ends])


def support_source(asking: Asking, server: ServerSubject) -> Fact[str]:
    """The authority for the end of support, and the day on which it was read."""
    lifetimes = _lifetimes(asking, server)
    if not lifetimes:
        return Unknown.because("server", "os_config", server.id, "undecidable")
    return Known(", ".join(dict.fromkeys(f"{life.source} ({life.checked})" for life in lifetimes)))


@_once_by_name
def os_undecidable(asking: Asking, server: ServerSubject) -> Fact[bool]:
    """The operating system has a name, but one that stands for several versions or for none that is known."""
    if "os_config" not in server.attributes:
        return absent(server, "os_config")
    return Known(not _lifetimes(asking, server), server.where)


@_once_by_name
def os_names_differ(asking: Asking, server: ServerSubject) -> Fact[bool]:
    """The configuration and the guest's tools name different operating systems."""
    for fact in ("os_config", "os_tools"):
        if fact not in server.attributes:
            return absent(server, fact)
    config, tools = server.attributes["os_config"], server.attributes["os_tools"]
    return Known(plain(config) != plain(tools), server.where)


@_once_by_name
def os_same_version(asking: Asking, server: ServerSubject) -> Fact[bool]:
    """Both names stand for the same product and version, and differ in edition only."""
    for fact in ("os_config", "os_tools"):
        if fact not in server.attributes:
            return absent(server, fact)
    config, tools = (identify(server.attributes[fact]) for fact in ("os_config", "os_tools"))
    return Known(config is not None and config == tools and bool(config.version), server.where)


@_once_by_name
def os_32_bit(asking: Asking, server: ServerSubject) -> Fact[bool]:
    """One of its names says that the operating system is a 32-bit one."""
    names = _os_names(server)
    if not names:
        return absent(server, "os_config")
    if any("32-bit" in name.lower() or "32 bit" in name.lower() for name in names):
        return Known(value=True, places=server.where)
    missing = _unheard(asking, server)
    return Unknown(missing) if missing else Known(value=False, places=server.where)
