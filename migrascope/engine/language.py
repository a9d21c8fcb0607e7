"""The rule language: Python's own expression syntax against a whitelist, with every name and type settled at load.

Nothing here runs an author's text: `ast.parse` reads it, and what is not on the list is refused with its column.
"""

from __future__ import annotations

import ast
import datetime as dt
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, NoReturn

from migrascope.engine import nodes
from migrascope.facts.catalogue import NoSuchFactError, Ref, resolve
from migrascope.facts.types import BOOLEAN, DATE, DURATION, NUMBER, TEXT, FactType, Spec

MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 24
MAX_NODES: Final = 200

_COMPARISONS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OPERATORS: Final[dict[type[ast.operator], str]] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_FOLDED: Final[dict[str, Callable[[Any, Any], Any]]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_OVER: Final = ("any", "all", "count", "sum", "min", "max")
_WORDS: Final = re.compile(r"""("[^"]*"|'[^']*')|\.(class|from)\b""")
"""Fields of the plan whose names Python keeps for itself; texts in quotes are left alone."""
FUNCTIONS: Final = (*_OVER, "known", "days", "date", "startswith", "matches")


class ExpressionError(ValueError):
    """What is wrong with an expression, and at which column (from 0)."""

    def __init__(self, message: str, column: int = 0, help: str = "", width: int = 1) -> None:  # noqa: A002
        super().__init__(message)
        self.column = column
        self.help = help
        self.width = width


@dataclass(slots=True)
class _Scope:
    """What names mean: facts of a kind of subject, the fields of a list's item, and parameters."""

    kind: str
    params: Mapping[str, Any]
    item: FactType | None = None
    count: int = field(default=0)


def parse_expression(text: str, kind: str, params: Mapping[str, Any]) -> nodes.Node:
    """A checked expression that is true, false or unknown. Raises ExpressionError."""
    node = _parse(text, _Scope(kind, params))
    if node.type.base != "boolean":
        raise ExpressionError(f"a condition is true or false, this is a {node.type}")
    return node


def _parse(text: str, scope: _Scope) -> nodes.Node:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters")
    try:
        # A line break inside a YAML text is a blank; brackets let the parser take it as one expression.
        tree = ast.parse(_WORDS.sub(_spared, text.strip().replace("\n", " ")), mode="eval")
    except SyntaxError as error:
        raise ExpressionError(f"not an expression: {error.msg}", max((error.offset or 1) - 1, 0)) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("not an expression") from None
    return _Checker(scope).check(tree.body, 0)


def _spared(match: re.Match[str]) -> str:
    return match[1] if match[1] is not None else f".{match[2]}_"


class _Checker:
    """Turns Python's syntax tree into nodes of ours, or refuses it."""

    def __init__(self, scope: _Scope) -> None:
        self.scope = scope

    def check(self, tree: ast.expr, depth: int) -> nodes.Node:
        self.scope.count += 1
        if depth > MAX_DEPTH or self.scope.count > MAX_NODES:
            raise ExpressionError("too long or nested too deep", tree.col_offset)
        method = getattr(self, f"_{type(tree).__name__.lower()}", None)
        if method is None:
            self._refuse(tree)
        node: nodes.Node = method(tree, depth + 1)
        return node

    def _refuse(self, tree: ast.expr, what: str = "") -> NoReturn:
        word = what or type(tree).__name__.lower()
        raise ExpressionError(f"{word} is not part of the rule language", tree.col_offset, width=_width(tree))

    def _constant(self, tree: ast.Constant, _depth: int) -> nodes.Node:
        value = tree.value
        if isinstance(value, bool):
            return nodes.Const(BOOLEAN, value)
        if isinstance(value, (int, float)) and abs(value) < 1e15:
            return nodes.Const(NUMBER, value)
        if isinstance(value, str):
            return nodes.Const(TEXT, value)
        return self._refuse(tree, "this value")

    def _list(self, tree: ast.List, depth: int) -> nodes.Node:
        items = [self.check(item, depth) for item in tree.elts]
        if not items or not all(isinstance(item, nodes.Const) for item in items):
            self._refuse(tree, "a list with anything but constants")
        kinds = {item.type.base for item in items}
        if len(kinds) > 1:
            self._refuse(tree, "a list of different types")
        values = tuple(item.value for item in items if isinstance(item, nodes.Const))
        return nodes.Const(FactType("list", item=items[0].type), values)

    def _name(self, tree: ast.Name, _depth: int) -> nodes.Node:
        return self._fact(tree, tree.id)

    def _attribute(self, tree: ast.Attribute, _depth: int) -> nodes.Node:
        parts: list[str] = []
        here: ast.expr = tree
        while isinstance(here, ast.Attribute):
            parts.append(here.attr.removesuffix("_"))
            here = here.value
        if not isinstance(here, ast.Name):
            self._refuse(tree, "a name on anything but a name")
        return self._fact(tree, ".".join([here.id, *reversed(parts)]))

    def _fact(self, tree: ast.expr, name: str) -> nodes.Node:
        if any(part.startswith("_") for part in name.split(".")):
            raise ExpressionError("names do not start with an underscore", tree.col_offset, width=len(name))
        if name.startswith("params."):
            return self._param(tree, name.removeprefix("params."))
        item = self.scope.item
        if item is not None:
            if name in item.fields:
                spec: Spec = item.fields[name]
                return nodes.ItemName(spec.type, spec)
            if item.kind and (found := _resolved(item.kind, name)) is not None:
                return nodes.ItemRef(found.type, found)
            if name == "item" and not item.fields and not item.kind and item.item is not None:
                return nodes.Item(item.item)
        try:
            ref = resolve(self.scope.kind, name)
        except NoSuchFactError as error:
            close = error.close or next(iter(get_close_matches(name, list(item.fields) if item else [], n=1)), "")
            help_ = f"did you mean `{close}`?" if close else f"`migrascope rules facts {self.scope.kind}` lists them"
            raise ExpressionError(str(error), tree.col_offset, help_, len(name)) from None
        return nodes.Name(ref.type, ref)

    def _param(self, tree: ast.expr, name: str) -> nodes.Node:
        if name not in self.scope.params:
            close = get_close_matches(name, list(self.scope.params), n=1)
            help_ = f"did you mean `params.{close[0]}`?" if close else "declare it under `params`"
            raise ExpressionError(f"there is no parameter `{name}`", tree.col_offset, help_, len(name) + 7)
        value = self.scope.params[name]
        if isinstance(value, list):
            return nodes.Const(
                FactType("list", item=TEXT if all(isinstance(v, str) for v in value) else NUMBER),
                tuple(value),
            )
        return nodes.Const(TEXT if isinstance(value, str) else NUMBER, value)

    def _boolop(self, tree: ast.BoolOp, depth: int) -> nodes.Node:
        items = tuple(self._truth(item, depth) for item in tree.values)
        return nodes.Both(BOOLEAN, isinstance(tree.op, ast.And), items)

    def _truth(self, tree: ast.expr, depth: int) -> nodes.Node:
        node = self.check(tree, depth)
        if node.type.base != "boolean":
            raise ExpressionError(f"expected true or false, this is a {node.type}", tree.col_offset, width=_width(tree))
        return node

    def _unaryop(self, tree: ast.UnaryOp, depth: int) -> nodes.Node:
        if isinstance(tree.op, ast.Not):
            return nodes.Not(BOOLEAN, self._truth(tree.operand, depth))
        if isinstance(tree.op, ast.USub) and isinstance(tree.operand, ast.Constant):
            inner = self.check(tree.operand, depth)
            if isinstance(inner, nodes.Const) and inner.type.base == "number":
                return nodes.Const(NUMBER, -inner.value)
        return self._refuse(tree, "this sign")

    def _binop(self, tree: ast.BinOp, depth: int) -> nodes.Node:
        op = _OPERATORS.get(type(tree.op))
        if op is None:
            self._refuse(tree, "this operator")
        left, right = self.check(tree.left, depth), self.check(tree.right, depth)
        result = _result(op, left.type.base, right.type.base)
        if result is None:
            raise ExpressionError(
                f"{left.type.base} {op} {right.type.base} has no meaning", tree.col_offset, width=_width(tree)
            )
        if isinstance(left, nodes.Const) and isinstance(right, nodes.Const) and result is NUMBER and op != "/":
            return nodes.Const(NUMBER, _FOLDED[op](left.value, right.value))
        return nodes.Arithmetic(result, op, left, right)

    def _compare(self, tree: ast.Compare, depth: int) -> nodes.Node:
        parts = [self.check(item, depth) for item in (tree.left, *tree.comparators)]
        found: list[nodes.Node] = []
        for number, operation in enumerate(tree.ops):
            op = _COMPARISONS.get(type(operation))
            if op is None:
                self._refuse(tree, "`is`")
            where = tree.comparators[number]
            found.append(_comparison(op, parts[number], parts[number + 1], where))
        return found[0] if len(found) == 1 else nodes.Both(BOOLEAN, True, tuple(found))  # noqa: FBT003

    def _call(self, tree: ast.Call, depth: int) -> nodes.Node:
        if not isinstance(tree.func, ast.Name) or tree.keywords:
            self._refuse(tree, "this call")
        name = tree.func.id
        if name not in FUNCTIONS:
            close = get_close_matches(name, FUNCTIONS, n=1)
            help_ = f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(FUNCTIONS)}"
            raise ExpressionError(f"there is no function `{name}`", tree.col_offset, help_, len(name))
        if name in _OVER:
            return self._over(tree, name, depth)
        if name == "known":
            self._arity(tree, 1)
            return nodes.IsKnown(BOOLEAN, self.check(tree.args[0], depth))
        if name in ("days", "date"):
            return self._time(tree, name)
        return self._text_test(tree, name, depth)

    def _arity(self, tree: ast.Call, *counts: int) -> None:
        if len(tree.args) not in counts:
            name = tree.func.id if isinstance(tree.func, ast.Name) else "this"
            raise ExpressionError(f"`{name}` takes {' or '.join(map(str, counts))} arguments", tree.col_offset)

    def _time(self, tree: ast.Call, name: str) -> nodes.Node:
        self._arity(tree, 1)
        inner = self.check(tree.args[0], 1)
        if name == "days" and isinstance(inner, nodes.Const) and inner.type.base == "number" and abs(inner.value) < 1e6:
            return nodes.Const(DURATION, dt.timedelta(days=inner.value))
        if name == "date" and isinstance(inner, nodes.Const) and isinstance(inner.value, str):
            try:
                return nodes.Const(DATE, dt.date.fromisoformat(inner.value))
            except ValueError:
                pass
        expected = "a number" if name == "days" else 'a day such as "2027-03-31"'
        raise ExpressionError(f"`{name}` takes {expected}", tree.col_offset, width=_width(tree))

    def _text_test(self, tree: ast.Call, name: str, depth: int) -> nodes.Node:
        self._arity(tree, 2)
        item, text = self.check(tree.args[0], depth), self.check(tree.args[1], depth)
        if item.type.base not in ("text", "choice") or not isinstance(text, nodes.Const) or not isinstance(text.value, str):
            raise ExpressionError(f"`{name}` takes a text and a constant text", tree.col_offset, width=_width(tree))
        if name == "matches":
            from migrascope.engine.patterns import PatternError, check_pattern

            try:
                check_pattern(text.value)
            except PatternError as error:
                raise ExpressionError(f"not a pattern: {error}", tree.args[1].col_offset) from None
        return nodes.TextTest(BOOLEAN, name, item, text.value)

    def _over(self, tree: ast.Call, name: str, depth: int) -> nodes.Node:
        self._arity(tree, *((2,) if name in ("any", "all") else (1, 2)))
        if self.scope.item is not None:
            self._refuse(tree, "a list inside a list")
        items = self.check(tree.args[0], depth)
        if items.type.base != "list":
            raise ExpressionError(f"`{name}` takes a list, this is a {items.type}", tree.args[0].col_offset)
        each: nodes.Node | None = None
        if len(tree.args) == 2:
            self.scope.item = items.type.item if items.type.item and items.type.item.kind else items.type
            try:
                each = self.check(tree.args[1], depth)
            finally:
                self.scope.item = None
        wanted = "boolean" if name in ("any", "all", "count") else "number"
        if each is not None and each.type.base != wanted:
            raise ExpressionError(f"`{name}` wants a {wanted} for each item, this is a {each.type}", tree.args[1].col_offset)
        if each is None and name in ("sum", "min", "max") and (items.type.item is None or items.type.item.base != "number"):
            raise ExpressionError(f"`{name}` wants a number for each item", tree.col_offset)
        return nodes.Over(BOOLEAN if name in ("any", "all") else NUMBER, name, items, each)


def _resolved(kind: str, name: str) -> Ref | None:
    try:
        return resolve(kind, name)
    except NoSuchFactError:
        return None


def _width(tree: ast.expr) -> int:
    return max(1, (tree.end_col_offset or tree.col_offset + 1) - tree.col_offset)


def _result(op: str, left: str, right: str) -> FactType | None:
    """The type of an arithmetic expression, None where it has no meaning."""
    if left == right == "number":
        return NUMBER
    if left == "date" and right == "duration" and op in "+-":
        return DATE
    if left == right == "date" and op == "-":
        return DURATION
    if left == right == "duration" and op in "+-":
        return DURATION
    return None


def _comparison(op: str, left: nodes.Node, right: nodes.Node, where: ast.expr) -> nodes.Node:
    if op in ("in", "not in"):
        if right.type.base != "list" or right.type.item is None:
            raise ExpressionError(f"`{op}` takes a list of constants", where.col_offset, width=_width(where))
        _alike(left, right.type.item, right, where, op)
        return nodes.Compare(BOOLEAN, op, left, right)
    _alike(left, right.type, right, where, op)
    _alike(right, left.type, left, where, op)
    if op not in ("==", "!=") and left.type.base in ("boolean", "choice", "text", "subject", "list"):
        raise ExpressionError(f"a {left.type.base} has no order", where.col_offset, width=_width(where))
    return nodes.Compare(BOOLEAN, op, left, right)


def _alike(left: nodes.Node, right: FactType, other: nodes.Node, where: ast.expr, op: str) -> None:
    """The two sides can be compared; a word that a choice does not have is an error."""
    first, second = left.type.base, right.base
    if {first, second} <= {"text", "choice"}:
        if left.type.base == "choice" and isinstance(other, nodes.Const):
            for word in other.value if isinstance(other.value, tuple) else (other.value,):
                if word not in left.type.choices:
                    close = get_close_matches(str(word), left.type.choices, n=1)
                    help_ = f"did you mean `{close[0]}`?" if close else f"one of: {', '.join(left.type.choices)}"
                    raise ExpressionError(f"`{word}` is never a value here", where.col_offset, help_, _width(where))
        return
    if first != second or first in ("subject", "list"):
        raise ExpressionError(f"a {first} is compared with a {second} ({op})", where.col_offset, width=_width(where))
