"""The rule language: what it takes, what it refuses, and where it points."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrascope.engine.language import ExpressionError, parse_expression

GOOD = [
    ("dependency", 'caller.wave.rank < callee.wave.rank and style == "synchronous"'),
    ("server", 'any(disks, raw and raw_mode == "physical")'),
    ("server", "support_ends <= plan.as_of + days(180)"),
    ("workload", 'any(servers, power == "off" and cpus > 4)'),
    ("workload", "sum(servers, provisioned_mib) / 1024 > data.volume_gb"),
    ("workload", 'category in ["erp", "crm"] or startswith(name, "sap")'),
    ("workload", 'matches(name, "^(afas|sap)")'),
    ("workload", 'cutover.on - plan.as_of < days(30) and cutover.on > date("2027-01-01")'),
    ("server", "1 < cpus <= 8"),
    ("workload", "not known(owner.business)"),
]
BAD = [
    ("server", "any(disks, rw)", "`rw` is not a fact", 11, "raw"),
    ("dependency", 'style == "synchronus"', "never a value", 9, "synchronous"),
    ("workload", 'users > "a"', "a number is compared with a text", 8, ""),
    ("workload", "users", "a condition is true or false", 0, ""),
    ("workload", '__import__("os")', "no function `__import__`", 0, ""),
    ("workload", "owner.__class__ == 1", "underscore", 0, ""),
    ("workload", "(lambda: 1)() == 1", "not part of the rule language", 0, ""),
    ("workload", "users ** 2 > 4", "not part of the rule language", 0, ""),
    ("workload", "name * 3 == name", "has no meaning", 0, ""),
    ("workload", "users > ", "not an expression", 0, ""),
    ("workload", 'f"{users}" == "1"', "not part of the rule language", 0, ""),
    ("workload", "[x for x in members] == 1", "not part of the rule language", 0, ""),
    ("workload", "users > params.many", "no parameter", 8, ""),
    ("workload", "anny(servers, cpus > 1)", "no function", 0, "any"),
    ("workload", "any(servers, any(disks, raw))", "a list inside a list", 13, ""),
    ("workload", 'name < "b"', "a text has no order", 7, ""),
    ("workload", "servers == servers", "compared", 11, ""),
    ("workload", 'matches(name, "(")', "not a pattern", 14, ""),
    ("workload", "users is None", "not part of the rule language", 0, ""),
    ("workload", "users > 1 if True else False", "not part of the rule language", 0, ""),
    ("workload", "users.real > 1", "not a fact", 0, ""),
    ("workload", "days(1) > users", "compared", 10, ""),
    ("workload", "(" * 300 + "users" + ")" * 300, "not an expression", 0, ""),
    ("workload", "not " * 100 + "shared_service", "too long or nested too deep", 0, ""),
    ("workload", "users == 1 or " * 200 + "users == 2", "longer than", 0, ""),
]


@pytest.mark.parametrize(("kind", "text"), GOOD)
def test_what_a_consultant_writes_is_understood(kind: str, text: str) -> None:
    assert parse_expression(text, kind, {}).type.base == "boolean"


@pytest.mark.parametrize(("kind", "text", "message", "column", "hint"), BAD)
def test_what_is_wrong_is_said_where_it_is(kind: str, text: str, message: str, column: int, hint: str) -> None:
    with pytest.raises(ExpressionError, match=message.replace("`", "`")) as caught:
        parse_expression(text, kind, {})
    if column:
        assert caught.value.column == column
    assert hint in caught.value.help


@given(st.text(max_size=80) | st.text(alphabet="()[]{}.,<>=!+-*/ andornotknwyls\"'0123456789", max_size=80))
def test_no_text_crashes_the_language(text: str) -> None:
    for kind in ("workload", "server"):
        with suppress(ExpressionError):
            assert parse_expression(text, kind, {}).type.base == "boolean"
