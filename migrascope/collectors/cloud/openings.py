"""What a traffic rule lets in, whoever writes it."""

from __future__ import annotations

import ipaddress
from typing import Any, Final

_PROTOCOLS: Final = {"-1": "any", "*": "any", "any": "any", "tcp": "tcp", "udp": "udp", "icmp": "icmp", "icmpv6": "icmp",
                     "6": "tcp", "17": "udp", "1": "icmp", "58": "icmp"}  # fmt: skip
_WIDEST: Final = 1
"""A range this wide is the internet: two halves of it do what the whole does."""


def from_range(text: str) -> bool | None:
    """Whether an address range is the internet; None where it is no range."""
    try:
        return ipaddress.ip_network(text, strict=False).prefixlen <= _WIDEST
    except ValueError:
        return None


def opening(protocol: Any, first: Any, last: Any, source: str, *, internet: bool | None) -> dict[str, Any]:
    """One opening. What is not known of it is left out."""
    kind = _PROTOCOLS.get(str(protocol).lower())
    ports = kind in ("tcp", "udp")
    found = {
        "protocol": kind,
        "first_port": first if ports and isinstance(first, int) else None,
        "last_port": last if ports and isinstance(last, int) else None,
        "source": source,
        "internet": internet,
    }
    return {name: value for name, value in found.items() if value is not None}
