"""A profile of rules: which are switched off, and which thresholds are other than ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from migrascope.engine.compiled import CompiledRule, compile_rule
from migrascope.model.base import Frozen
from migrascope.model.problem import InputError, Problem, suggestion
from migrascope.model.rule import LoadedRule, Param
from migrascope.model.scalars import Items, Text
from migrascope.readers.source import read_source
from migrascope.readers.validation import validate
from migrascope.readers.yaml import Document, parse


class Off(Frozen):
    """A rule that is not asked, and why."""

    rule: Text = Field(description="Id of the rule")
    reason: Text = Field(description="Why; the report repeats it")


class RulesProfile(Frozen):
    """The file of `--rules-profile`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    off: Items[Off] = Field(default=(), description="Rules that are not asked")
    params: dict[str, dict[str, Any]] = Field(default_factory=dict, description="Other thresholds, by rule and parameter")


def profiled(rules: Sequence[CompiledRule], path: Path) -> tuple[list[CompiledRule], dict[str, str]]:
    """The rules that are left, with the profile's thresholds, and those that are off with the reason.

    Raises InputError with every name and value that does not fit.
    """
    document = parse(read_source(path))
    profile, problems = validate(RulesProfile, document)
    if profile is None or problems:
        raise InputError(*problems)
    known = {rule.rule.id: rule for rule in rules}
    for number, off in enumerate(profile.off):
        if off.rule not in known:
            problems.append(_unknown(document, ("off", number, "rule"), off.rule, list(known)))
    changed: dict[str, CompiledRule] = {}
    for name, values in profile.params.items():
        if name not in known:
            problems.append(_unknown(document, ("params", name), name, list(known)))
            continue
        changed[name] = _changed(known[name], values, document, problems)
    if problems:
        raise InputError(*problems)
    reasons = {off.rule: off.reason for off in profile.off}
    return [changed.get(name, rule) for name, rule in known.items() if name not in reasons], reasons


def _unknown(document: Document, path: tuple[str | int, ...], name: str, known: list[str]) -> Problem:
    place = document.place(path, key=path[0] == "params")
    return Problem(f"there is no rule `{name}`", place, suggestion(name, known) or "`migrascope rules list`", len(name))


def _changed(rule: CompiledRule, values: dict[str, Any], document: Document, problems: list[Problem]) -> CompiledRule:
    """A rule with other thresholds; its text then shows these."""
    params = dict(rule.rule.params)
    for name, value in values.items():
        path = ("params", rule.rule.id, name)
        if name not in params:
            help_ = suggestion(name, list(params)) or (f"it has: {', '.join(params)}" if params else "it has none")
            problems.append(Problem(f"`{rule.rule.id}` has no parameter `{name}`", document.place(path, key=True), help_))
            continue
        try:
            params[name] = Param.model_validate({**params[name].model_dump(), "default": value})
        except ValueError:
            kind = params[name].type
            problems.append(Problem(f"`{name}` is a {kind}, as {params[name].default} is", document.place(path)))
    return compile_rule(LoadedRule(category=rule.category, rule=rule.rule.model_copy(update={"params": params})))
