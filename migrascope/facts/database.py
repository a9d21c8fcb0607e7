"""Facts about a database."""

from __future__ import annotations

import datetime as dt

from migrascope.estate.subjects import ResourceSubject
from migrascope.facts.asking import Asking
from migrascope.facts.observed import absent, supported_until
from migrascope.knowledge.databases import identify_database
from migrascope.model.uncertain import Fact


def support_ends(asking: Asking, database: ResourceSubject) -> Fact[dt.date]:
    """Last day of public security updates for its engine and version."""
    for fact in ("engine", "version"):
        if fact not in database.attributes:
            return absent(database, fact)
    found = identify_database(database.attributes["engine"], database.attributes["version"])
    return supported_until(asking, database, "version", found)
