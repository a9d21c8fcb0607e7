"""Our rule engine beside others: the same 60 rules over the same 10,000 machines, in one run, with equal match counts.

`pip install --group bench` first (c7n and two CEL bindings), then `python -m benchmarks.engines`. Rules are compiled
beforehand. What is timed is the way from records to answers: making each record ready for the engine (a subject, a
context, an activation) and asking all rules of it. The second column leaves the making ready out. Rounds alternate,
the fastest of each counts, and ratios are what can be trusted on a noisy machine. Limits, on the whole way:
3 million answers a second, 20 times c7n's ValueFilter, 7 times the faster CEL binding.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any, Final

from tabulate import tabulate

from migrascope.engine.batch_compiler import compile_batch
from migrascope.engine.compiled import CompiledRule, compile_rule
from migrascope.estate.join import join
from migrascope.estate.subjects import ServerSubject
from migrascope.facts.catalogue import asking_about
from migrascope.model.inventory import Inventory
from migrascope.model.places import Nowhere
from migrascope.model.plan import Plan, Workload
from migrascope.model.rule import LoadedRule
from migrascope.readers.knowledge import read_knowledge

SUBJECTS: Final = 10_000
ROUNDS: Final = 3
RATE: Final = 3e6
TIMES_C7N: Final = 20.0
TIMES_CEL: Final = 7.0

Clause = tuple[str, str, Any]
"""A fact, an operator and a constant."""
Ready = Callable[[], list[Any]]
Ask = Callable[[list[Any]], int]
Engine = tuple[Ready, Ask]
"""Makes all records ready; asks all rules of all of them, and gives the number of matches."""

_NUMBERS: Final = ("cpus", "memory_mib", "disk_count", "nic_count", "provisioned_mib", "in_use_mib", "hardware_version",
                   "memory_limit_mib", "memory_ballooned_mib", "memory_swapped_mib")  # fmt: skip
_TRUTHS: Final = ("changed_block_tracking", "fault_tolerance", "consolidation_needed", "secure_boot", "disk_uuid",
                  "cpu_hot_add", "memory_hot_add", "annotation_secret")  # fmt: skip
_TEXTS: Final = ("power", "firmware", "os_config", "os_tools", "tools_state", "host", "cluster", "datacenter", "folder",
                 "resource_pool", "hostname")  # fmt: skip
_WORDS: Final[dict[str, tuple[str, ...]]] = {"power": ("on", "off", "suspended"), "firmware": ("bios", "efi")}
_C7N: Final = {">": "gt", "<": "lt", ">=": "gte", "<=": "lte", "==": "eq", "!=": "ne", "in": "in"}


def clauses(random: Random) -> list[Clause]:
    """One or two comparisons, all of which have to hold."""
    return [_clause(random) for _ in range(random.choice((1, 2, 2, 3)))]


def _clause(random: Random) -> Clause:
    shape = random.choice(("number", "number", "truth", "text", "in"))
    if shape == "number":
        return random.choice(_NUMBERS), random.choice((">", "<", ">=", "<=")), random.randrange(100)
    if shape == "truth":
        return random.choice(_TRUTHS), "==", random.random() < 0.5
    name = random.choice(_TEXTS)
    words = _WORDS.get(name) or tuple(f"word-{number}" for number in range(8))
    if shape == "text":
        return name, random.choice(("==", "!=")), random.choice(words)
    return name, "in", sorted(random.sample(words, 2))


def machine(number: int, random: Random, blank: float) -> dict[str, Any]:
    """Some 45 fields, a share of them blank."""
    fields: dict[str, Any] = {name: random.randrange(100) for name in _NUMBERS}
    fields |= {name: random.random() < 0.5 for name in _TRUTHS}
    fields |= {name: random.choice(_WORDS.get(name) or tuple(f"word-{n}" for n in range(8))) for name in _TEXTS}
    fields = {name: value for name, value in fields.items() if random.random() >= blank}
    fields |= {"template": False, "addresses": [], "tags": {f"k{n}": "v" for n in range(10)}, "disks": [], "snapshots": []}
    return {
        "kind": "resource", "type": "server", "id": f"s{number:06}", "name": f"s{number}", "source": "bench", "scope": "bench",
        "place": {"file": "bench", "sheet": "vInfo", "row": number + 2}, "attributes": fields,
    }  # fmt: skip


def ours(rules: list[list[Clause]], records: list[dict[str, Any]]) -> Engine:
    """Our engine, from checked rules and joined subjects."""
    compiled = [_compiled(number, rule) for number, rule in enumerate(rules)]
    inventory = Inventory(resources=tuple(records))
    plan = Plan(workloads=(Workload(id="a"),))
    asking = asking_about(join(plan, Nowhere(), inventory, read_knowledge(), dt.date(2026, 11, 23)))
    batch = compile_batch(compiled)

    def ready() -> list[Any]:
        return [ServerSubject(r["id"], r["name"], record=r, coverage=asking.estate.coverage) for r in records]

    def ask(subjects: list[Any]) -> int:
        return sum(hit[1] is True for subject in subjects for hit in batch(asking, subject))

    return ready, ask


def _compiled(number: int, rule: list[Clause]) -> CompiledRule:
    when = " and ".join(f"{name} {op} {_spelt(value, '[', ']')}" for name, op, value in rule)
    words = {"en": "x", "nl": "x"}
    return compile_rule(
        LoadedRule.model_validate(
            {
                "category": "complexity",
                "rule": {
                    "id": f"r{number}", "for": "server", "severity": "low", "confidence": "low", "title": words, "when": when,
                    "message": words, "risk": words, "remedy": words, "effort": 1, "sources": [], "examples": [],
                },
            }
        )
    )  # fmt: skip


def _spelt(value: Any, opening: str, closing: str) -> str:
    if isinstance(value, list):
        return opening + ", ".join(_spelt(item, "", "") for item in value) + closing
    return str(value) if not isinstance(value, str) else f'"{value}"'


def cel_text(rule: list[Clause]) -> str:
    """The same rule in CEL."""
    parts = (f"{name} {op} {_spelt(value, '[', ']')}" for name, op, value in rule)
    return " && ".join(parts).replace("True", "true").replace("False", "false")


def c7n(rules: list[list[Clause]], machines: list[dict[str, Any]]) -> Engine:
    """Cloud Custodian's ValueFilter, one a clause."""
    from c7n.filters.core import ValueFilter

    filters: list[list[Any]] = []
    for rule in rules:
        filters.append([])
        for name, op, value in rule:
            found = ValueFilter({"type": "value", "key": name, "op": _C7N[op], "value": value})
            found.annotate = False
            filters[-1].append(found)

    def ask(ready: list[Any]) -> int:
        return sum(all(each(fields) for each in rule) for fields in ready for rule in filters)

    return lambda: machines, ask


def cel_rust(rules: list[list[Clause]], machines: list[dict[str, Any]]) -> Engine:
    """common-expression-language, a binding of cel-rust."""
    import cel

    programs = [cel.compile(cel_text(rule)) for rule in rules]

    def ask(contexts: list[Any]) -> int:
        return sum(bool(program.execute(context)) for context in contexts for program in programs)

    return lambda: [cel.Context(variables=fields) for fields in machines], ask


def cel_cpp(rules: list[list[Clause]], machines: list[dict[str, Any]]) -> Engine:
    """cel-expr-python, a binding of cel-cpp."""
    from cel_expr_python import cel

    kinds = dict.fromkeys(_NUMBERS, cel.Type.INT) | dict.fromkeys(_TRUTHS, cel.Type.BOOL)
    env = cel.NewEnv(variables=kinds | dict.fromkeys(_TEXTS, cel.Type.STRING))
    programs = [env.compile(cel_text(rule)) for rule in rules]
    names = (*_NUMBERS, *_TRUTHS, *_TEXTS)

    def ask(activations: list[Any]) -> int:
        return sum(bool(program.eval(activation).value()) for activation in activations for program in programs)

    return lambda: [env.Activation({name: fields[name] for name in names}) for fields in machines], ask


def main() -> int:
    """Run and print; 1 where a limit is not held."""
    random = Random(20261123)  # noqa: S311 (a benchmark, not a secret)
    rules = [clauses(random) for _ in range(60)]
    whole = [machine(number, random, 0.0) for number in range(SUBJECTS)]
    gaps = [machine(number, random, 0.05) for number in range(SUBJECTS)]
    fields = [record["attributes"] for record in whole]
    engines: dict[str, Engine] = {"migrascope": ours(rules, whole)}
    for name, build in {"c7n ValueFilter": c7n, "CEL, cel-rust": cel_rust, "CEL, cel-cpp": cel_cpp}.items():
        try:
            engines[name] = build(rules, fields)
        except ImportError as error:
            print(f"{name} is left out: {error}")
    engines["migrascope, 5 % of the cells blank"] = ours(rules, gaps)
    best = dict.fromkeys(engines, float("inf"))
    asking = dict.fromkeys(engines, float("inf"))
    matches: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name, (ready, ask) in engines.items():
            started = time.perf_counter()
            subjects = ready()
            middle = time.perf_counter()
            matches[name] = ask(subjects)
            ended = time.perf_counter()
            best[name] = min(best[name], ended - started)
            asking[name] = min(asking[name], ended - middle)
    asked = len(rules) * SUBJECTS
    rows = []
    for name, seconds in best.items():
        whole_way, alone = f"{asked / seconds / 1e3:,.0f}", f"{asked / asking[name] / 1e3:,.0f}"
        ratios = f"{seconds / best['migrascope']:.1f}", f"{asking[name] / asking['migrascope']:.1f}"
        rows.append((name, whole_way, alone, matches[name], *ratios))
    headers = ("engine", "thousand answers/s", "asking alone", "matches", "times ours", "asking alone")
    print(tabulate(rows, headers=headers, disable_numparse=True))
    peers = {name: best[name] / best["migrascope"] for name in engines if not name.startswith("migrascope")}
    cels = [ratio for name, ratio in peers.items() if name.startswith("CEL")]
    held = [
        asked / best["migrascope"] >= RATE,
        peers.get("c7n ValueFilter", TIMES_C7N) >= TIMES_C7N,
        min(cels, default=TIMES_CEL) >= TIMES_CEL,
        len({matches[name] for name in ("migrascope", *peers)}) == 1,
    ]
    said = ("3 million a second", "20 x c7n", "7 x the faster CEL", "equal match counts")
    print("\n" + "; ".join(f"{text}: {'held' if ok else 'NOT held'}" for text, ok in zip(said, held, strict=True)))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
