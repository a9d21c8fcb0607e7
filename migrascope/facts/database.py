"""Facts about a database."""

from __future__ import annotations

import datetime as dt

from migrascope.estate.subjects import DatabaseSubject
from migrascope.knowledge.databases import identify_database
from migrascope.model.fact import Fact, Known, Unknown


def support_ends(database: DatabaseSubject) -> Fact[dt.date]:
    """Last day of public security updates for its engine and version."""
    for fact in ("engine", "version"):
        if fact not in database.attributes:
            return Unknown(database.absent(fact))
    found = identify_database(database.attributes["engine"], database.attributes["version"])
    if found is None:
        return Unknown.because("database", "version", database.id, "undecidable", database.attributes["version"])
    lifetime = database.estate.knowledge.lifetimes.get(found)
    if lifetime is None or lifetime.ends is None:
        return Unknown.because("database", "version", database.id, "no_knowledge", " ".join(found))
    return Known(lifetime.ends, database.where)
