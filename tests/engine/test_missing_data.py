"""The promise: leaving something out never makes an outcome clear."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from migrascope.engine.batch_compiler import CompiledBatch, compile_batch
from migrascope.engine.compiled import CompiledRule
from migrascope.estate.join import join
from migrascope.facts.catalogue import asking_about
from migrascope.model.assessment import Assessment
from migrascope.model.problem import InputError
from migrascope.readers.plan import PlanFile
from migrascope.readers.source import decode
from migrascope.readers.yaml import parse
from migrascope.snapshots import read_inventory
from tests.engine import everything
from tests.support import example_plan, example_records, judged, knowledge, plan, rules, without

EXAMPLES = ("web-shop", "everything")
KNOWN = ("finding", "unknown")


def keys(data: Any, prefix: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every field of a plan, at every depth; items of lists are walked through, not taken."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*prefix, key)
            yield from keys(value, (*prefix, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from keys(value, (*prefix, index))


def parts(data: Any, prefix: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every record, field and item of an inventory."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*prefix, key)
        yield from parts(value, (*prefix, key))


def losses(records: list[Any]) -> Iterator[tuple[int | str, ...]]:
    """Everything that an inventory can lose: each record, and each field and item of each."""
    return ((index, *path) for index, record in enumerate(records) for path in ((), *parts(record)))


@dataclass
class Answers:
    """What rules said, without findings: of each rule and subject whether it was not clear, and where all could be seen."""

    not_clear: set[tuple[str, str]]
    whole: dict[str, bool]


def outcomes(assessment: Assessment) -> dict[tuple[str, str], str]:
    """What each rule said of each subject, where it said anything but clear."""
    return {(f.rule, f.subject.id): "finding" if f.outcome == "waived" else f.outcome for f in assessment.findings}


def whole(after: Assessment | Answers, rule: str) -> bool:
    """Every subject of the rule could be seen."""
    return after.whole[rule] if isinstance(after, Answers) else after.findings_summary.by_rule[rule].subjects_complete


def assert_nothing_cleared(before: Assessment, after: Assessment | Answers, what: object) -> None:
    """Whatever was a finding or unknown is still one of both, or its subject is said to be missing."""
    left = after.not_clear if isinstance(after, Answers) else outcomes(after)
    for (rule, subject), outcome in outcomes(before).items():
        if (rule, subject) in left or rule.startswith("waiver-"):
            continue  # a waiver that is taken away is gone itself; it says nothing of the estate
        gone = not whole(after, rule)
        assert gone, f"{what}: {rule} of {subject} was {outcome} and is now clear"


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    name = request.param
    folder = tmp_path_factory.mktemp(name)
    if name == "everything":
        text, records = everything.PLAN, everything.records()
    else:
        text, records = example_plan(name), example_records(name)
    data = parse(decode(text.encode(), name)).data
    return folder, data, records, judged(plan(text), records, folder)


def test_nearly_every_rule_finds_something_where_everything_is_wrong(tmp_path: Path) -> None:
    found = judged(plan(everything.PLAN), everything.records(), tmp_path).findings_summary.by_rule
    silent = [name for name, tally in found.items() if not tally.finding and not tally.waived]
    assert len(silent) <= 0.12 * len(found), silent


def written(data: Any) -> str:
    """A plan as text again; JSON is YAML."""
    return json.dumps(data, ensure_ascii=False)


def test_writing_the_plan_again_changes_nothing(example: Any) -> None:
    folder, data, records, before = example
    assert outcomes(judged(plan(written(data)), records, folder)) == outcomes(before)


def test_no_field_of_the_plan_can_be_left_out_to_clear_something(example: Any) -> None:
    folder, data, records, before = example
    tried = 0
    for path in keys(data):
        try:
            file = plan(written(without(data, path)))
        except InputError:
            continue  # a plan that is refused clears nothing
        tried += 1
        # The choice is judged now and then (tests/law does that for more); what the rules say, of all.
        after = asked(file, records, folder) if tried % 24 else judged(file, records, folder)
        assert after is not None
        assert_nothing_cleared(before, after, path)
    assert tried > 100


# Every loss there is, of these two and of a town with 1,374 fields of plan and 10,865 parts of inventory:
# python -m benchmarks.nothing_lost
def test_no_part_of_the_inventory_can_be_lost_to_clear_something(example: Any) -> None:
    folder, plan_data, records, before = example
    file = plan(written(plan_data))
    for path in islice(losses(records), 0, None, 3):
        after = asked(file, without(records, path), folder)
        if after is not None:
            assert_nothing_cleared(before, after, path)


@cache
def by_kind() -> dict[str, tuple[list[CompiledRule], CompiledBatch]]:
    """All rules of each kind of subject, as the one function that is asked."""
    kinds = {rule.rule.for_ for rule in rules()}
    found = {kind: [rule for rule in rules() if rule.rule.for_ == kind] for kind in sorted(kinds)}
    return {kind: (each, compile_batch(each)) for kind, each in found.items()}


def asked(file: PlanFile, records: list[Any], folder: Path) -> Answers | None:
    """What the rules say of records that may be broken; None where they are refused."""
    path = folder / "broken.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    try:
        inventory = read_inventory([path])
    except InputError:
        return None
    estate = join(file.plan, file, inventory, knowledge(), dt.date(2026, 11, 23))
    asking = asking_about(estate)
    answers = Answers(set(), {})
    for kind, (those, ask) in by_kind().items():
        subjects = estate.subjects(kind)
        answers.whole.update((rule.rule.id, subjects.complete) for rule in those)
        for subject in subjects:
            hits = [those[number].rule.id for number, _, excepted in ask(asking, subject) if excepted is not True]
            answers.not_clear.update((rule, subject.id) for rule in hits)
    return answers


def test_every_column_of_the_inventory_can_be_lost(example: Any) -> None:
    folder, plan_data, records, before = example
    file = plan(written(plan_data))
    columns = {name for record in records if record.get("type") == "server" for name in record["attributes"]}
    for column in sorted(columns):
        fewer = [
            {**record, "attributes": {k: v for k, v in record["attributes"].items() if k != column}}
            if record.get("type") == "server"
            else record
            for record in records
        ]
        after = asked(file, fewer, folder)
        assert after is not None
        assert_nothing_cleared(before, after, column)


def test_without_an_inventory_nothing_about_servers_is_clear(example: Any) -> None:
    folder, plan_data, _, before = example
    after = judged(plan(written(plan_data)), None, folder)
    assert_nothing_cleared(before, after, "the inventory")
    assert after.findings_summary.by_rule["os-past-end-of-support"].clear == 0
    gap = next(gap for gap in after.gaps if gap.kind == "server" and gap.fact == "server")
    assert "os-past-end-of-support" in gap.rules_waiting
