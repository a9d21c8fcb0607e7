"""A kind of resource is one row: what follows from it, and what every collector writes fits it."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from migrascope.facts.catalogue import catalogue
from migrascope.model.kinds import KINDS, SUBJECT_KINDS
from migrascope.snapshots import read_inventory, serialise
from migrascope.texts import LANGUAGES, speech
from tests.support import ROOT, example_records, fit_the_schema


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_schema_facts_and_words_in_each_language(kind: str, tmp_path: Path) -> None:
    record = {"kind": "resource", "type": kind, "id": "x", "name": "x", "provider": "aws", "source": "test", "scope": "all",
              "place": {"file": "x"}, "attributes": {}}  # fmt: skip
    fit_the_schema([record])
    with pytest.raises(jsonschema.ValidationError):
        fit_the_schema([record | {"attributes": {"no_such_attribute": 1}}])
    assert kind in SUBJECT_KINDS
    assert "name" in catalogue()[kind]
    path = tmp_path / "inventory.jsonl"
    path.write_bytes(serialise([{"kind": "header", "schema_version": 1, "tool": "t", "collected_at": "2026-11-20"}, record]))
    assert [each["type"] for each in read_inventory([path]).resources] == [kind]
    for language in LANGUAGES:
        assert speech(language).count(*KINDS[kind].counted, 2)


@pytest.mark.parametrize("name", sorted(path.parent.name for path in (ROOT / "examples").glob("*/inventory.jsonl")))
def test_every_line_of_an_example_fits_the_schema(name: str) -> None:
    fit_the_schema(example_records(name))
