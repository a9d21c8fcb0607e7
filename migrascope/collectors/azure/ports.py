"""What a network security group lets in, after the rules that close it earlier."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from migrascope.collectors.azure.rows import Row, inner, items
from migrascope.collectors.cloud.openings import from_range, opening

Ports = list[tuple[int, int]]
_ANYBODY: Final = ("*", "any", "internet", "0.0.0.0/0", "::/0")


def openings(rules: Any) -> list[dict[str, Any]]:
    """The openings that inbound rules leave, in the order of their priority."""
    if not isinstance(rules, list) or not all(isinstance(rule, dict) and "direction" in inner(rule) for rule in rules):
        raise ValueError("security rules of an unexpected shape")
    inbound = [rule for rule in items(rules) if str(rule.get("direction", "")).lower() == "inbound"]
    found: list[dict[str, Any]] = []
    closed: list[tuple[str, Ports]] = []
    for rule in sorted(inbound, key=lambda each: each.get("priority") or 0):
        protocol = str(rule.get("protocol", "")).lower()
        if str(rule.get("access", "")).lower() == "deny":
            if any(_anybody(source) for source in _several(rule, "sourceAddressPrefix")) and _everywhere(rule):
                closed.append((protocol, _ports(rule)))
            continue
        found += _allowed(rule, protocol, [ports for denied, ports in closed if denied in ("*", "any", protocol)])
    return found


def _allowed(rule: Row, protocol: str, closed: list[Ports]) -> Iterator[dict[str, Any]]:
    ports = _ports(rule)
    groups = [str(each.get("id", "")).lower() for each in items(rule.get("sourceApplicationSecurityGroups"))]
    sources = [(source, _internet(source)) for source in _several(rule, "sourceAddressPrefix")]
    for source, internet in sources + [(group, False) for group in groups]:
        left = ports
        for denied in closed if internet is not False else ():
            left = _without(left, denied)
        for first, last in left:
            if (first, last) == (0, 65535) and protocol in ("*", "any"):
                yield opening("any", None, None, source, internet=internet)
            elif protocol in ("*", "any"):
                yield from (opening(each, first, last, source, internet=internet) for each in ("tcp", "udp"))
            else:
                yield opening(protocol, first, last, source, internet=internet)


def _several(rule: Row, name: str) -> list[str]:
    """A field that is written for one or for several."""
    one, many = rule.get(name), rule.get(f"{name}s", rule.get(f"{name}es"))
    return [str(each) for each in [one, *(many if isinstance(many, list) else (many,))] if each not in (None, "")]


def _anybody(source: str) -> bool:
    return source.strip().lower() in _ANYBODY


def _internet(source: str) -> bool | None:
    if _anybody(source):
        return True
    if source.lower().startswith("azurecloud"):
        return None  # every customer of the provider: nearly, but not quite, anybody
    return from_range(source.strip()) if source[:1].isdigit() else bool(from_range(source))


def _everywhere(rule: Row) -> bool:
    return any(_anybody(target) for target in _several(rule, "destinationAddressPrefix"))


def _ports(rule: Row) -> Ports:
    found: Ports = []
    for text in _several(rule, "destinationPortRange"):
        if text == "*":
            return [(0, 65535)]
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", text.strip())
        if match is None:
            raise ValueError(f"{text} is no range of ports")
        found.append((int(match[1]), int(match[2] or match[1])))
    return found


def _without(ports: Ports, closed: Ports) -> Ports:
    """What is left of some ranges when others are taken out."""
    for low, high in closed:
        ports = [
            part
            for first, last in ports
            for part in ((first, min(last, low - 1)), (max(first, high + 1), last))
            if part[0] <= part[1]
        ]
    return ports
