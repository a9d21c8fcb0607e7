"""How operating systems are written down: a name from vSphere, Azure or a fact dump as a product and a version.

"CentOS 4/5 or later" and "Windows Server 2016 or later" stand for several versions: they are undecidable, and never
taken for the newest or the oldest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class OperatingSystem:
    """A product and a version as the end-of-life table knows them. `version` is empty where the name does not say."""

    product: str
    version: str


_NOISE: Final = re.compile(r"\((32|64)[ -]?bit\)|\b(x64|x86|x86_64|64[ -]?bit|32[ -]?bit)\b|®|\(r\)|™", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"\bor (later|newer|above)\b|\d/\d|\.x\b", re.IGNORECASE)

_NAMES: Final[tuple[tuple[str, str], ...]] = (
    (r"windows server (?P<v>20\d\d( r2)?)", "windows-server"),
    (r"windows (?P<v>2000) (advanced )?server", "windows-server"),
    (r"windows (?P<v>20\d\d( r2)?)", "windows-server"),
    (r"windows server\b", "windows-server"),
    (r"windows (?P<v>xp|vista|7|8\.1|8|10|11)\b", "windows"),
    (r"(red hat enterprise linux|redhat|rhel)( server)?( release)?( (?P<v>\d+))?", "rhel"),
    (r"centos stream( (?P<v>\d+))?", "centos-stream"),
    (r"centos( linux)?( release)?( (?P<v>\d+))?", "centos"),
    (r"(oracle linux|oraclelinux|oracle enterprise linux)( server)?( (?P<v>\d+))?", "oracle-linux"),
    (r"scientific( linux)?( (?P<v>\d+))?", "scientific-linux"),
    (r"rocky( linux)?( (?P<v>\d+))?", "rocky-linux"),
    (r"almalinux( (?P<v>\d+))?", "almalinux"),
    (r"(suse linux enterprise( server)?|sles)( (?P<v>\d+))?", "sles"),
    (r"debian( gnu/linux)?( (?P<v>\d+))?", "debian"),
    (r"ubuntu( linux)?( (?P<v>\d\d\.\d\d))?", "ubuntu"),
    (r"amazon linux( ami)?( (?P<v>2023|2|1))?", "amazon-linux"),
    (r"freebsd( (?P<v>\d+))?", "freebsd"),
    (r"(oracle )?solaris( (?P<v>\d+))?", "solaris"),
    (r"sunos", "solaris"),
    (r"(ibm )?aix( (?P<v>\d\.\d))?", "aix"),
    (r"hp-?ux", "hp-ux"),
    (r"(open)?suse( linux)?( leap)?( (?P<v>\d+\.\d))?", "opensuse"),
    (r"alpine( linux)?( (?P<v>\d+\.\d+))?", "alpine"),
    (r"windows nt", "windows-nt"),
    (r"netware", "netware"),
    (r"os/400|ibm i\b", "os-400"),
)
_PATTERNS: Final = tuple((re.compile(rf"\b{pattern}"), product) for pattern, product in _NAMES)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A name without marks, bitness and double blanks, in lower case: what two sources have to agree on."""
    return " ".join(_NOISE.sub(" ", text).replace("-based ", " ").split()).strip().lower()


@lru_cache(maxsize=4096)
def identify(text: str) -> OperatingSystem | None:
    """The operating system that a name stands for, None where it stands for several or for none that is known."""
    words = plain(text)
    if _SEVERAL.search(words):
        return None
    for pattern, product in _PATTERNS:
        match = pattern.search(words)
        if match:
            version = (match["v"] or "") if "v" in pattern.groupindex else ""
            return OperatingSystem(product, _spelt(version))
    return None


@lru_cache(maxsize=4096)
def family(*names: str | None) -> str | None:
    """The first name that says it: `windows`, or another product such as `rhel`; None where no name does."""
    for text in names:
        known = identify(text) if text else None
        if known is not None:
            return "windows" if known.product.startswith("windows") else known.product
        if text and "windows" in text.lower():
            return "windows"
    return None


def _spelt(version: str) -> str:
    return {"xp": "XP", "vista": "Vista"}.get(version, version.replace(" r2", " R2"))
