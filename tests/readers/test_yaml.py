"""YAML with positions: scalars of 1.2, duplicate keys, caps, and where everything stands."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrascope.model.problem import InputError
from migrascope.readers.source import decode
from migrascope.readers.yaml import Document, parse


def read(text: str | bytes) -> Document:
    return parse(decode(text.encode() if isinstance(text, str) else text, "f.yaml"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2026-11-23", "2026-11-23"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-7", -7),
        ("1.2.3", "1.2.3"),
        ("True", True),
        ("~", None),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("+", "+"),
        ("-", None),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    found = read(f"key: {text}\n" if text != "-" else "key:\n").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_every_key_and_item_has_its_place() -> None:
    document = read("a:\n  - {b: 1, c: [x, yy]}\n  - 2\n")
    assert str(document.place(("a", 0, "c", 1))) == "f.yaml:2:19"
    assert str(document.place(("a", 0, "b"))) == "f.yaml:2:9"
    assert str(document.place(("a", 0, "b"), key=True)) == "f.yaml:2:6"
    assert str(document.place(("a", 0, "absent", "deeper"))) == "f.yaml:2:5"
    assert document.place(("a", 1)).excerpt == "- 2"


def test_a_duplicate_key_is_an_error_and_the_first_stays() -> None:
    document = read("a: 1\nb: 2\na: 3\n")
    assert document.data == {"a": 1, "b": 2}
    assert [(p.place.line, "line 1" in p.help) for p in document.problems] == [(3, True)]


def test_anchors_and_merge_keys_work_in_ordinary_use() -> None:
    document = read("base: &b {x: 1, y: 2}\none:\n  <<: *b\n  y: 3\ntwo: *b\n")
    assert document.data["one"] == {"x": 1, "y": 3}
    assert document.data["two"] == {"x": 1, "y": 2}


def bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (bomb(), "alias bomb"),
        ("[" * 200 + "]" * 200, "nested deeper than"),
        ("a: &a [*a]", "before its anchor"),
        ("a: *b", "b"),
        ("a: [1, 2", "not valid YAML"),
        ("a: 1\n---\nb: 2", "second document"),
        ("? [a]\n: 1", "a key has to be a word"),
        ("a: !!python/object/apply:os.system [ls]", "tag"),
        ("a: !secret x", "tag"),
        (b"\x00\x01\x02\xff", "not"),
        (b"\xff\xfe\xff", "not text"),
        ("a: \x07", "not a text file"),
        ("a\tb: [", "not valid YAML"),
    ],
)
def test_a_hostile_file_is_refused_by_name(text: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=r"f\.yaml") as caught:
        read(text)
    assert message in str(caught.value)


def test_utf_16_with_a_mark_is_read() -> None:
    assert read("naam: Één".encode("utf-16")).data == {"naam": "Één"}


words = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, categories=("L", "N", "P", "S", "Zs")), max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(words, json_values, max_size=5))
def test_json_reads_as_json(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    if '"<<"' not in text:
        assert read(text).data == value


@given(st.text(max_size=200))
def test_no_text_crashes_the_reader(text: str) -> None:
    with suppress(InputError):
        assert isinstance(read(text), Document)
