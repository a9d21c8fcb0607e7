"""`migrascope rules`: list, explain, test and document the rules."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tabulate import tabulate

from migrascope.cli import options
from migrascope.model.kinds import SUBJECT_KINDS
from migrascope.model.problem import input_error

if TYPE_CHECKING:
    from migrascope.engine.compiled import CompiledRule

_FOLDER = click.option(
    "--rules",
    "folder",
    type=click.Path(path_type=Path),
    help="A folder of rules of your own, instead of ours.",
)


@click.group("rules")
def command() -> None:
    """List, explain and test the rules."""


def _read(folder: Path | None) -> list[CompiledRule]:
    from migrascope.readers.rules import read_rules

    return read_rules(folder, check_examples=True)


@command.command("list")
@_FOLDER
@options.lang
def list_(folder: Path | None, lang: str) -> int:
    """List all rules with severity, subject and title."""
    rows = [(r.rule.id, r.rule.severity, r.rule.for_, r.rule.title.in_(lang)) for r in _read(folder)]
    click.echo(tabulate(rows, headers=("rule", "severity", "asks about", "title"), tablefmt="simple"))
    return 0


@command.command("explain")
@click.argument("rule_id", metavar="RULE")
@_FOLDER
@options.lang
def explain(rule_id: str, folder: Path | None, lang: str) -> int:
    """Explain one RULE: what it asks, why it matters, what to do, who says so."""
    from difflib import get_close_matches

    from migrascope.reports.words import SEVERITY
    from migrascope.texts import speech

    rules = {rule.rule.id: rule for rule in _read(folder)}
    if rule_id not in rules:
        close = get_close_matches(rule_id, rules, n=1)
        raise input_error(
            f"there is no rule {rule_id}",
            "",
            f"did you mean `{close[0]}`?" if close else "`migrascope rules list`",
        )
    rule, say = rules[rule_id].rule, speech(lang)
    click.echo(f"{rule.id}: {rule.title.in_(lang)}\n")
    parts = [
        (
            say.say("Severity"),
            say.say(
                "{severity}, confidence {confidence}",
                severity=say.say(SEVERITY[rule.severity]),
                confidence=say.say(SEVERITY[rule.confidence]),
            ),
        ),
        (say.say("Asks about"), rule.for_),
        (say.say("Finding when"), rule.when),
        *([(say.say("Not when"), rule.unless)] if rule.unless else []),
        *((say.say(SEVERITY[case.severity]), case.if_) for case in rule.severity_when),
        *(
            (say.say("Threshold"), f"{name} = {param.default} {param.unit or ''} {param.why or ''}".rstrip())
            for name, param in rule.params.items()
        ),
        (say.say("Why it matters"), rule.risk.in_(lang)),
        (say.say("What to do"), rule.remedy.in_(lang)),
        *((say.say("Source"), f"{source.title}, {source.url} ({source.checked})") for source in rule.sources),
    ]
    for label, text in parts:
        click.echo("\n".join(textwrap.wrap(text, 72, initial_indent=f"{label + ':':<16} ", subsequent_indent=" " * 17)))
    return 0


@command.command("test")
@_FOLDER
def test(folder: Path | None) -> int:
    """Run the examples that stand in the rules."""
    from migrascope.engine.examples import failures

    rules = _read(folder)
    failed = [failure for rule in rules for failure in failures(rule)]
    for failure in failed:
        click.echo(f"{failure.rule}: {failure.example}: expected {failure.expected}, got {failure.got}")
    total = sum(len(rule.rule.examples) for rule in rules)
    click.echo(f"{total - len(failed)} of {total} examples of {len(rules)} rules hold")
    return 1 if failed else 0


@command.command("lint")
@_FOLDER
def lint(folder: Path | None) -> int:
    """Demand of every rule what a reader may expect: examples of each kind, sources, both languages."""
    from migrascope.engine.lint import complaints

    found = [complaint for rule in _read(folder) for complaint in complaints(rule)]
    for complaint in found:
        click.echo(complaint)
    if not found:
        click.echo("every rule has sources, both languages, and examples that notice when it is broken", err=True)
    return 1 if found else 0


@command.command("facts")
@click.argument(
    "kind",
    type=click.Choice(SUBJECT_KINDS),
)
def facts(kind: str) -> int:
    """List the facts that a rule can ask of a KIND of subject."""
    from migrascope.facts.catalogue import catalogue

    rows = [(name, str(spec.type), spec.meaning) for name, spec in sorted(catalogue()[kind].items())]
    click.echo(tabulate(rows, headers=("fact", "type", "meaning"), tablefmt="simple", maxcolwidths=[None, 28, 60]))
    return 0


@command.command("docs")
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
def docs(target: Path) -> int:
    """Write one page a rule, and an index, into the folder TARGET."""
    from migrascope.cli.rule_pages import pages

    for name, text in pages(_read(None)).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0
