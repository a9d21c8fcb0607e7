"""Hypothesis strategies: servers of which anything may be missing, and conditions about them in the rule language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from migrascope.facts.catalogue import catalogue
from migrascope.facts.types import FactType, Spec

WORDS = ("on", "off", "a", "b", "physical", "none", "2026-01-02", "Debian 7", "Windows Server 2016 or later")
NUMBERS = (0, 1, 2, 8, 2.5, 90, 512)
DAYS = ("2024-06-30", "2026-01-02", "2026-11-23")

_SPECS = {name: spec for name, spec in catalogue()["server"].items() if spec.key}
_SCALARS = sorted(name for name, spec in _SPECS.items() if spec.type.base != "list")
_RECORDS = sorted(name for name, spec in _SPECS.items() if spec.type.fields)


def _values(type_: FactType) -> st.SearchStrategy[Any]:
    if type_.base == "choice":
        return st.sampled_from(type_.choices)
    values: dict[str, st.SearchStrategy[Any]] = {
        "number": st.sampled_from(NUMBERS),
        "boolean": st.booleans(),
        "date": st.sampled_from(DAYS),
        "list": st.lists(st.sampled_from(WORDS), max_size=2),
    }
    return values.get(type_.base, st.sampled_from(WORDS))


def _record(fields: dict[str, Spec]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: _values(spec.type) for name, spec in fields.items()})


def _attribute(name: str) -> st.SearchStrategy[Any]:
    type_ = _SPECS[name].type
    return st.lists(_record(dict(type_.fields)), max_size=2) if type_.fields else _values(type_)


def servers() -> st.SearchStrategy[dict[str, Any]]:
    """Records of servers: some attributes, and now and then a second word on one of them."""
    attributes = st.fixed_dictionaries({}, optional={name: _attribute(name) for name in _SPECS if name != "template"})
    return st.builds(_server, attributes, st.lists(st.sampled_from(_SCALARS), max_size=2), st.sampled_from(NUMBERS))


def _server(attributes: dict[str, Any], doubted: list[str], value: Any) -> dict[str, Any]:
    place = {"file": "x.xlsx", "sheet": "vInfo", "row": 2}
    record = {"kind": "resource", "type": "server", "id": "s1", "source": "test", "scope": "x.xlsx", "place": place}
    readings = [
        {"fact": fact, "value": value if _SPECS[fact].type.base == "number" else "b", "place": place}
        for fact in doubted
        if fact in attributes
    ]
    return {**record, "attributes": attributes, **({"readings": readings} if readings else {})}


def _comparison(name: str, type_: FactType) -> st.SearchStrategy[str]:
    if type_.base == "boolean":
        return st.just(name)
    if type_.base == "number":
        ops = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
        return st.builds("{} {} {}".format, st.just(name), ops, st.sampled_from(NUMBERS))
    if type_.base == "date":
        ops = st.sampled_from(["<", ">="])
        return st.builds('{} {} date("{}")'.format, st.just(name), ops, st.sampled_from(DAYS))
    words = list(type_.choices) or list(WORDS)
    single = st.builds('{} {} "{}"'.format, st.just(name), st.sampled_from(["==", "!="]), st.sampled_from(words))
    listed = st.builds('{} {} ["{}"]'.format, st.just(name), st.sampled_from(["in", "not in"]), st.sampled_from(words))
    return single | listed


def _one_of(specs: dict[str, Spec], names: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(names).flatmap(lambda name: _comparison(name, specs[name].type))


def _over_a_list(name: str) -> st.SearchStrategy[str]:
    fields = dict(_SPECS[name].type.fields)
    inner = _combined(_one_of(fields, sorted(field for field in fields if fields[field].type.base != "list")))
    quantified = st.builds("{}({}, {})".format, st.sampled_from(["any", "all"]), st.just(name), inner)
    counted = st.builds("count({}, {}) > {}".format, st.just(name), inner, st.sampled_from([0, 1]))
    return quantified | counted | st.just(f"count({name}) >= 1")


def _combined(leaf: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        joined = st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
        return joined | st.builds("not ({})".format, inner)

    return st.recursive(leaf, grown, max_leaves=6)


def conditions() -> st.SearchStrategy[str]:
    """Conditions about a server, as an author would type them."""
    arithmetic = st.just("memory_mib / cpus > 8") | st.just("provisioned_mib - in_use_mib >= 2")
    computed = st.just("support_ends < plan.as_of") | st.just("count(workloads) == 0") | st.just("os_undecidable")
    return _combined(_one_of(_SPECS, _SCALARS) | st.sampled_from(_RECORDS).flatmap(_over_a_list) | arithmetic | computed)


AS_OF = dt.date(2026, 11, 23)
