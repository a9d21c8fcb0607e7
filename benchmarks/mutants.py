"""Puts deliberate faults into the code, one at a time, and counts those that the tests do not notice.

Operators: a comparison is widened, narrowed or turned round; `and` and `or` change places; a condition is negated; a number
is changed; a sum becomes a difference and a product a quotient; `min` and `max` change places. Where they are put is drawn
with a fixed seed from the rooms that decide: `first/`, `costing/`, `engine/`, `facts/` and `estate/`. Each fault is put into
a copy of the project, and the tests of its rooms run there until the first one fails. A fault that stops nothing in
`TIMEOUT` seconds is taken as noticed. Run: python -m benchmarks.mutants [NUMBER]
"""

from __future__ import annotations

import ast
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
ROOMS: Final = ("first", "costing", "engine", "facts", "estate")
TESTS: Final = ("tests/model", "tests/estate", "tests/costing", "tests/first", "tests/engine", "tests/schedule", "tests/law")
SEED: Final = 20261201
NUMBER: Final = 400
TIMEOUT: Final = 900
AT_ONCE: Final = 2
MOST_SURVIVE: Final = 0.05

_COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_REPLACED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip
_NAMED: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Fault(NamedTuple):
    """A changed line: where it is, and the whole text of its module."""

    path: Path
    line: int
    before: str
    after: str
    text: str


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    """A node with one thing in it changed."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARED:
        yield ast.Compare(node.left, [_COMPARED[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in _REPLACED:
        yield ast.BinOp(node.left, _REPLACED[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Name) and node.id in _NAMED:
        yield ast.Name(_NAMED[node.id], node.ctx)


def faults() -> list[Fault]:
    """Every fault that can be put into the rooms, in a fixed order."""
    found = []
    for path in sorted(path for room in ROOMS for path in (ROOT / "migrascope" / room).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.expr) or node.lineno != node.end_lineno:
                continue
            source = ast.get_source_segment(text, node) or ""
            instead = (f"({ast.unparse(ast.fix_missing_locations(variant))})" for variant in _variants(node))
            found += [_changed(path, text, node, source, each) for each in instead]
    return found


def _changed(path: Path, text: str, node: ast.expr, source: str, instead: str) -> Fault:
    lines = text.splitlines(keepends=True)
    line = lines[node.lineno - 1].encode()
    start = node.col_offset
    lines[node.lineno - 1] = (line[:start] + instead.encode() + line[start + len(source.encode()) :]).decode()
    return Fault(path, node.lineno, source, instead, "".join(lines))


def noticed(fault: Fault) -> bool:
    """Whether a test fails on the fault."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        ignored = shutil.ignore_patterns(".git", ".venv*", "*_cache", "__pycache__", ".hypothesis", "site", "build")
        shutil.copytree(ROOT, copy, ignore=ignored)
        (copy / fault.path.relative_to(ROOT)).write_text(fault.text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *TESTS]
        environment = {"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "HOME": folder}
        try:
            ran = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=TIMEOUT, check=False)
        except subprocess.TimeoutExpired:
            return True
        return ran.returncode != 0


def main() -> int:
    """Print each fault that nothing notices, and their share."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER
    every = faults()
    drawn = random.Random(SEED).sample(every, min(number, len(every)))  # noqa: S311
    survived = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for tried, (fault, seen) in enumerate(zip(drawn, pool.map(noticed, drawn), strict=True), start=1):
            if not seen:
                survived += 1
                place = f"{fault.path.relative_to(ROOT)}:{fault.line}"
                print(f"{place}: {fault.before} -> {fault.after}", flush=True)
            if tried % 20 == 0 or tried == len(drawn):
                print(f"{tried} of {len(drawn)} faults (of {len(every)}): {survived} not noticed", flush=True)
    return 1 if survived > MOST_SURVIVE * len(drawn) else 0


if __name__ == "__main__":
    sys.exit(main())
