"""How hypervisors are written down."""

from __future__ import annotations

import re
from typing import Final

_ESXI: Final = re.compile(r"(?i)\besxi?\s+(\d+\.\d+)")


def identify_hypervisor(text: str) -> tuple[str, str] | None:
    """Product and version as the end-of-life table knows them: `VMware ESXi 6.5.0 build-10175896` is ESXi 6.5."""
    match = _ESXI.search(text)
    return ("vmware-esxi", match[1]) if match else None
