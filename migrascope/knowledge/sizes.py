"""What the name of a machine size says about it, in each provider's own manner of naming."""

from __future__ import annotations

import re
from typing import Final

_AWS_STEPS: Final = {"nano": 2, "micro": 2, "small": 2, "medium": 2, "large": 2, "xlarge": 4}
_AZURE: Final = re.compile(r"(?i)^(?:standard_)?[a-z]+(\d+)(?:-(\d+))?[a-z]*(?:_v\d+)?$")
_AWS: Final = re.compile(r"^[a-z]+\d+[a-z-]*\.(?:(\d+))?(nano|micro|small|medium|large|xlarge)$")


def vcpus(provider: str, size: str) -> int | None:
    """Virtual processors of a size by its name; None where the name does not say it for sure.

    Azure's older D, DS and A sizes without a version count otherwise and are not read.
    """
    if provider == "azure":
        match = _AZURE.match(size)
        if match is None or "_v" not in size.lower():
            return None
        return int(match[2] or match[1])
    if provider == "aws":
        match = _AWS.match(size)
        if match is None or (match[1] is None and match[2] in ("nano", "micro", "small", "medium")):
            return None
        return int(match[1] or 1) * _AWS_STEPS[match[2]]
    return None
