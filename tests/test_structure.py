"""What the import contracts cannot say: who may read values, and that each name means one thing."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from migrascope.facts.catalogue import catalogue, resolve
from migrascope.model.kinds import SUBJECT_KINDS
from migrascope.model.plan import Plan
from migrascope.model.shape import shape
from tests.support import ROOT

PACKAGE = ROOT / "migrascope"
READERS = ("estate", "facts", "collectors", "readers", "model")
"""Rooms that read or make claims and attributes; everybody else asks."""
DECIDING = ("costing", "first/gates.py", "first/criteria.py", "first/repairs.py")


@cache
def modules() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def rooms(*names: str) -> Iterator[tuple[Path, ast.AST]]:
    for path, module in modules().items():
        if str(path.relative_to(PACKAGE)).startswith(names):
            for node in ast.walk(module):
                yield path.relative_to(PACKAGE), node


def test_nobody_but_the_estate_and_the_facts_reads_a_claim_or_an_attribute() -> None:
    others = {path.relative_to(PACKAGE).parts[0] for path in modules()} - set(READERS)
    found = [
        f"{path}:{node.lineno}"
        for path, node in rooms(*others)
        if isinstance(node, ast.Attribute) and node.attr in ("claim", "attributes")
        and not (isinstance(node.value, (ast.Name, ast.Attribute)) and ast.unparse(node.value).endswith("asking"))
    ]  # fmt: skip
    assert found == []


def test_nothing_that_is_unknown_is_taken_for_nothing_where_money_and_gates_are_decided() -> None:
    """No `or 0` behind what was asked: an unknown value is no zero."""
    found = [
        f"{path}:{node.lineno}: {ast.unparse(node)}"
        for path, node in rooms(*DECIDING)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and "ask(" in ast.unparse(node.values[0])
        and isinstance(node.values[-1], ast.Constant)
    ]  # fmt: skip
    assert found == []


def test_every_fact_that_is_asked_by_its_name_exists() -> None:
    names = {
        node.args[1].value
        for _, node in rooms("first", "costing", "engine")
        if isinstance(node, ast.Call) and len(node.args) == 2
        and ast.unparse(node.func).rpartition(".")[2] == "ask" and isinstance(node.args[1], ast.Constant)
    }  # fmt: skip
    assert len(names) > 30
    assert [name for name in sorted(map(str, names)) if not any(_known(kind, name) for kind in SUBJECT_KINDS)] == []


def _known(kind: str, name: str) -> bool:
    try:
        resolve(kind, name)
    except Exception:
        return False
    return True


def test_no_class_name_stands_for_two_things() -> None:
    names = Counter(
        node.name
        for module in modules().values()
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, times in names.items() if times > 1] == []


def plan_fields(
    model: type[BaseModel] = Plan, before: str = "", seen: tuple[type[BaseModel], ...] = ()
) -> Iterator[tuple[str, str]]:
    """Every field of a plan: its dotted name, and what the code calls it."""
    for field in shape(model).values():
        yield f"{before}{field.name}", field.attribute
        if field.record is not None and field.record not in seen:
            yield from plan_fields(field.record, f"{before}{field.name}.", (*seen, field.record))


def test_every_field_of_a_plan_is_read_by_something() -> None:
    """By a rule, or by code outside of the model; a field that people fill in for nothing is a promise that is not kept."""
    sources = [path.read_text(encoding="utf-8") for path in modules() if "model" not in path.relative_to(PACKAGE).parts]
    rules = [path.read_text(encoding="utf-8") for path in (ROOT / "rules").rglob("*.yaml")]
    words = Counter(re.findall(r"[a-z_0-9]+", "\n".join([*sources, *rules])))
    unread = {name for name, attribute in plan_fields() if not words[attribute] and not words[name.rpartition(".")[2]]}
    assert sorted(unread) == []
    assert catalogue()["dependency"]["precedes"]
