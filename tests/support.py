"""What several tests need: plans from text, inventories from records, the shared samples where there are any."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest

from migrascope.assess import Options, assess
from migrascope.engine.compiled import CompiledRule
from migrascope.knowledge import Knowledge
from migrascope.model.assessment import Assessment
from migrascope.model.schema import inventory_schema
from migrascope.readers.knowledge import read_knowledge
from migrascope.readers.plan import PlanFile, plan_from
from migrascope.readers.rules import read_rules
from migrascope.readers.source import decode
from migrascope.snapshots import read_inventory, serialise

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT.parent / "shared" / "samples"
CASES = ROOT / "tests" / "data" / "cases"


def sample(name: str) -> Path:
    """A file that somebody else made; the test is skipped where it is not there."""
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the sample {name} is not on this machine")
    return path


def plan(text: str | bytes, name: str = "plan.yaml") -> PlanFile:
    """A plan from its text."""
    return plan_from(decode(text.encode() if isinstance(text, str) else text, name))


@pytest.fixture(scope="module")
def fewer_futures() -> Iterator[None]:
    """A hundred futures instead of ten thousand: what is asked here is asked thousands of times, and not of money."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("migrascope.costing.estimate.DRAWS", 100)
        patch.setattr("migrascope.costing.estimate.FEWER_DRAWS", 100)
        yield


@cache
def rules() -> list[CompiledRule]:
    """The rules that ship with the package."""
    return read_rules()


@cache
def knowledge() -> Knowledge:
    """The knowledge that ships with the package."""
    return read_knowledge()


def judged(file: PlanFile, records: Iterable[Any] | None, folder: Path, as_of: dt.date = dt.date(2026, 11, 23)) -> Assessment:
    """The opinion on a plan and, where records are given, an inventory of them."""
    inventory = None
    if records is not None:
        path = folder / "inventory.jsonl"
        path.write_bytes(serialise(records))
        inventory = read_inventory([path])
    return assess(file.plan, inventory, rules(), knowledge(), Options(as_of=as_of, places=file))


@cache
def opinion_on(example: str) -> Assessment:
    """The opinion on an example, judged once for all tests that only read it."""
    records = example_records(example) if (ROOT / "examples" / example / "inventory.jsonl").exists() else None
    with TemporaryDirectory() as folder:
        return judged(plan(example_plan(example)), records, Path(folder))


def example_plan(name: str) -> str:
    """The text of an example's plan."""
    return (ROOT / "examples" / name / "plan.yaml").read_text(encoding="utf-8")


def example_records(name: str) -> list[dict[str, Any]]:
    """The records of an example's inventory, free to be changed."""
    return lines(ROOT / "examples" / name / "inventory.jsonl")


@cache
def inventory_validator() -> jsonschema.Draft7Validator:
    """Checks one line of an inventory."""
    jsonschema.Draft7Validator.check_schema(inventory_schema())
    return jsonschema.Draft7Validator(inventory_schema())


def fit_the_schema(records: Iterable[Any]) -> None:
    """Every record of an inventory is as `schema inventory` says."""
    for record in records:
        inventory_validator().validate(record)


def lines(path: Path) -> list[Any]:
    """The records of an inventory file, unchecked."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def without(data: Any, path: tuple[str | int, ...]) -> Any:
    """A copy of nested data with one key or item taken away."""
    head, *rest = path
    changed = copy.copy(data)
    if rest:
        changed[head] = without(data[head], tuple(rest))
    else:
        del changed[head]
    return changed
