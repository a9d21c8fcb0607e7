"""Rules: one YAML file each, in a folder per category; ours, or a consultant's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, get_args

from migrascope.engine.compiled import CompiledRule, RuleError, compile_rule
from migrascope.engine.examples import check_given
from migrascope.model.place import Place
from migrascope.model.problem import InputError, Problem, input_error
from migrascope.model.rule import LoadedRule, Rule, RuleCategory
from migrascope.readers.source import decode
from migrascope.readers.validation import validate
from migrascope.readers.yaml import Document, parse

MAX_RULES: Final = 5000
MAX_RULE_BYTES: Final = 64 * 1024
_CATEGORIES: Final[tuple[str, ...]] = get_args(RuleCategory)


def built_in() -> Traversable:
    """The folder of rules that ships with the package."""
    return files("migrascope.rules")


def read_rules(folder: Traversable | Path | None = None, *, check_examples: bool = False) -> list[CompiledRule]:
    """Read, check and compile all rules of a folder. Raises InputError with every problem that was found."""
    root = built_in() if folder is None else folder
    if not root.is_dir():
        raise input_error("there is no such folder of rules", str(folder))
    shown = "rules" if folder is None else str(folder)
    problems: list[Problem] = []
    rules: list[CompiledRule] = []
    for category, file in _files(root):
        name = f"{shown}/{category}/{file.name}"
        try:
            rules.append(_read(file, name, category, check_examples=check_examples))
        except InputError as error:
            problems += error.problems
        if len(rules) > MAX_RULES:
            raise input_error(f"holds more than {MAX_RULES} rules", shown)
    counts = Counter(rule.rule.id for rule in rules)
    repeated = {name for name, count in counts.items() if count > 1}
    problems += [Problem(f"two rules are called {name}", Place(file=shown)) for name in sorted(repeated)]
    if problems:
        raise InputError(*problems)
    if not rules:
        folders = ", ".join(_CATEGORIES)
        raise input_error("holds no rules", shown, f"put them into folders named {folders}, one YAML file each")
    return sorted(rules, key=lambda rule: rule.rule.id)


def _files(root: Traversable) -> Iterator[tuple[str, Traversable]]:
    for category in _CATEGORIES:
        folder = root.joinpath(category)
        if folder.is_dir():
            for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
                if file.name.endswith(".yaml"):
                    yield category, file


def _read(file: Traversable, name: str, category: str, *, check_examples: bool) -> CompiledRule:
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_RULE_BYTES + 1)
    except OSError as error:
        raise input_error(f"cannot be read: {error.strerror}", name) from None
    if len(raw) > MAX_RULE_BYTES:
        raise input_error(f"is larger than {MAX_RULE_BYTES // 1024} KiB", name)
    document = parse(decode(raw, name))
    rule, problems = validate(Rule, document)
    if rule is None or problems:
        raise InputError(*problems)
    if f"{rule.id}.yaml" != file.name:
        raise InputError(Problem(f"the id is {rule.id}, the file is {file.name}", document.place(("id",)), "make them equal"))
    try:
        compiled = compile_rule(LoadedRule.model_validate({"category": category, "rule": rule}))
        if check_examples:
            for number, example in enumerate(rule.examples):
                check_given(compiled, example, number)
    except RuleError as error:
        raise InputError(_problem(document, error)) from None
    return compiled


def _problem(document: Document, error: RuleError) -> Problem:
    place = document.place(error.path)
    line = document.source.line(place.line or 1)
    start = (place.column or 1) - 1
    quoted = line[start : start + 1] in ("'", '"')
    folded = re.match(r"[|>]", line[start : start + 1] or "") is not None
    column = start + 1 if folded else start + error.column + quoted + 1
    return Problem(str(error), place.model_copy(update={"column": column}), error.help, error.width)
