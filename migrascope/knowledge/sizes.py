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


_AWS_PREVIOUS: Final = re.compile(r"^(a1|c1|c3|c4|cc2|cr1|g2|g3s?|hs1|i2|m1|m2|m3|m4|p2|r3|r4|t1)\.")
"""Families that AWS lists as previous generation: https://aws.amazon.com/ec2/previous-generation (checked 2026-11-23)."""
_AWS_CURRENT: Final = re.compile(r"^(t[234]|[mcr][5-9])[a-z-]*\.")
_AWS_SIZE: Final = re.compile(r"^[a-z]+\d+[a-z-]*\.(nano|micro|small|medium|large|metal[a-z0-9-]*|\d*xlarge)$")
_AZURE_SIZE: Final = re.compile(r"(?i)^(standard|basic)_[a-z]+\d+(-\d+)?[a-z]*(_[a-z0-9]+)*?(_v(?P<v>\d+))?(_promo)?$")
_AZURE_PREVIOUS: Final = re.compile(r"(?i)^(basic_a|standard_((a|d|ds)\d+(-\d+)?(_v2)?|(f\d+s?|gs?\d+|l\d+s))(_promo)?$)")
"""Series A, D, DS, F, G and L up to version 2: https://learn.microsoft.com/azure/virtual-machines/sizes-previous-gen."""


def previous_generation(size: str) -> bool | None:
    """The size belongs to a generation that its provider calls previous; None where the name says nothing."""
    if _AWS_SIZE.match(size):
        if _AWS_PREVIOUS.match(size):
            return True
        return False if _AWS_CURRENT.match(size) else None
    if _AZURE_SIZE.match(size):
        return _AZURE_PREVIOUS.match(size) is not None
    return None
