"""How database engines and versions are written down."""

from __future__ import annotations

import re
from typing import Final

_ENGINES: Final = (
    (r"sql ?server|mssql", "sql-server"),
    (r"oracle", "oracle-database"),
    (r"postgres", "postgresql"),
    (r"maria", "mariadb"),
    (r"mysql", "mysql"),
    (r"mongo", "mongodb"),
    (r"redis", "redis"),
    (r"opensearch", "opensearch"),
    (r"elastic", "elasticsearch"),
    (r"db2", "db2"),
)
_TWO_PARTS: Final = ("mysql", "mariadb", "mongodb", "redis", "db2")
_ONE_PART_FROM: Final = {"postgresql": 10, "oracle-database": 18, "elasticsearch": 0}
"""The version from which the first number alone is a release."""
_SQL_BUILDS: Final = {"9": "2005", "10": "2008", "10.50": "2008 R2", "11": "2012", "12": "2014", "13": "2016",
                      "14": "2017", "15": "2019", "16": "2022"}  # fmt: skip


def identify_database(engine: str, version: str) -> tuple[str, str] | None:
    """Product and version as the end-of-life table knows them; None where that cannot be told."""
    product = next((name for pattern, name in _ENGINES if re.search(pattern, engine.lower())), None)
    digits = re.search(r"\d+(\.\d+)*( R2)?", version)
    if product is None or digits is None:
        return None
    parts = digits[0].split(".")
    if product == "sql-server":
        if re.fullmatch(r"20\d\d( R2)?", digits[0]):
            return product, digits[0]
        build = _SQL_BUILDS.get(".".join(parts[:2])) or _SQL_BUILDS.get(parts[0])
        return (product, build) if build else None
    if product in _TWO_PARTS or int(parts[0]) < _ONE_PART_FROM.get(product, 0):
        return (product, ".".join(parts[:2])) if len(parts) > 1 else None
    return product, parts[0]
