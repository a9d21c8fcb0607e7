"""Fuzz the rule language and the loader of rules with atheris: no crash, no hang, no code run. A nightly target.

`pip install --group fuzz` first, then `python -m benchmarks.fuzz_rules -max_total_time=600 -timeout=5 -rss_limit_mb=1024`;
the options are libFuzzer's. An input that ends in anything but an answer or a refusal is written to the folder it runs in.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["migrascope.engine", "migrascope.readers"]):
    from migrascope.engine.compiled import RuleError, compile_rule
    from migrascope.engine.examples import check_given, run_example
    from migrascope.engine.language import ExpressionError, parse_expression
    from migrascope.facts.catalogue import catalogue
    from migrascope.model.problem import InputError
    from migrascope.model.rule import LoadedRule, Rule
    from migrascope.readers.source import decode
    from migrascope.readers.validation import validate
    from migrascope.readers.yaml import parse

KINDS = tuple(catalogue())


def one_input(data: bytes) -> None:
    """A condition about some kind of subject, or a whole rule with its examples."""
    provider = atheris.FuzzedDataProvider(data)
    if provider.ConsumeBool():
        kind = KINDS[provider.ConsumeIntInRange(0, len(KINDS) - 1)]
        try:
            parse_expression(provider.ConsumeUnicodeNoSurrogates(2500), kind, {"x": 1, "names": ["a"]})
        except ExpressionError:
            return
        return
    try:
        document = parse(decode(provider.ConsumeBytes(8192), "rule.yaml"))
        rule, problems = validate(Rule, document)
        if rule is None or problems:
            return
        compiled = compile_rule(LoadedRule(category="security", rule=rule))
        for number, example in enumerate(rule.examples):
            check_given(compiled, example, number)
            run_example(compiled, example)
    except (InputError, RuleError):
        return


def main() -> None:
    """Run until time is up or something breaks."""
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
