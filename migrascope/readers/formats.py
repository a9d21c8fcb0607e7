"""Every file that people write for us or get from us, by the name that `migrascope schema` knows it by."""

from __future__ import annotations

from typing import Final

from migrascope.model.assessment import Assessment
from migrascope.model.base import Frozen
from migrascope.model.plan import Plan
from migrascope.model.rule import Rule
from migrascope.model.schema import inventory_schema, schema, written
from migrascope.readers.accepted import Waivers
from migrascope.readers.accounts import AccountsFile
from migrascope.readers.answers import Answers
from migrascope.readers.brand import BrandFile
from migrascope.readers.mapping import MappingFile
from migrascope.readers.own_prices import RateCard
from migrascope.readers.rules_profile import RulesProfile
from migrascope.readers.scenario import ScenarioFile
from migrascope.readers.workloads import WorkloadsFile

_MODELS: Final[dict[str, type[Frozen]]] = {
    "plan": Plan,
    "rule": Rule,
    "assessment": Assessment,
    "answers": Answers,
    "waivers": Waivers,
    "rules-profile": RulesProfile,
    "scenario": ScenarioFile,
    "rate-card": RateCard,
    "brand": BrandFile,
    "mapping": MappingFile,
    "workloads": WorkloadsFile,
    "accounts": AccountsFile,
}
FORMATS: Final = (*_MODELS, "inventory")


def schema_text(name: str) -> str:
    """The JSON Schema of a format as it is written to a file; of an inventory, that of one line."""
    return written(inventory_schema() if name == "inventory" else schema(name, _MODELS[name]))
