"""What a formula may consist of: fields, functions, operators, and constants. Nothing that loops or reaches an object."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

from mappings.engine import values
from mappings.engine.errors import Trouble, shown
from mappings.engine.functions import FUNCTIONS
from mappings.engine.operators import OPERATORS

LENGTH_LIMIT = 2_000
DEPTH_LIMIT = 40
_LONE_EQUALS = re.compile(r"[^=<>!]=[^=]")


@dataclass(frozen=True)
class Formula:
    """A formula that can be worked out. `names` are the top-level fields that it reads, `reads` their whole paths."""

    text: str
    tree: ast.expr
    reads: tuple[str, ...]

    @property
    def names(self) -> set[str]:
        return {path.partition(".")[0] for path in self.reads}


@lru_cache(maxsize=2_000)
def compiled(text: str) -> Formula:
    """Raises Trouble."""
    if len(text) > LENGTH_LIMIT:
        raise Trouble(f"A formula has at most {LENGTH_LIMIT} characters; this one has {len(text)}.", "Shorten it.")
    tree = _parsed(text)
    for node, depth in _nodes(tree):
        _refuse(node, depth)
    return Formula(text, _exact(tree, text.strip()), tuple(dict.fromkeys(_reads(tree))))


def _parsed(text: str) -> ast.expr:
    if not text.strip():
        raise Trouble("The formula is empty.", "Write one, or name a source instead.")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        compares = _LONE_EQUALS.search(text)
        remedy = "Write == to compare two values." if compares else "Check brackets, commas and quotes."
        raise Trouble(f"{shown(text)} is not a formula (at character {error.offset or 1}).", remedy) from None
    except (ValueError, MemoryError, RecursionError):
        raise Trouble(f"{shown(text)} is not a formula.", "Check brackets and special characters.") from None


_ALLOWED = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare,
    ast.IfExp, ast.Tuple, ast.List, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip


def _nodes(tree: ast.AST) -> Iterator[tuple[ast.AST, int]]:
    """Every node with its depth, without recursion: the text may be somebody's attack."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]


def _refuse(node: ast.AST, depth: int) -> None:
    if depth > DEPTH_LIMIT:
        raise Trouble("The formula is nested too deeply.", "Split it over several rules.")
    if not isinstance(node, _ALLOWED):
        raise Trouble("The formula uses something that formulas do not have.", "Use fields, functions and operators.")
    if isinstance(node, ast.operator | ast.unaryop | ast.cmpop) and type(node) not in OPERATORS:
        raise Trouble("The formula uses an operator that formulas do not have.", "Use + - * / % ** & and comparisons.")
    if isinstance(node, ast.Call):
        _refuse_call(node)
    if isinstance(node, ast.Attribute | ast.Subscript):
        path_of(node)
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | None):
        raise Trouble("The formula holds a value of an unknown kind.", "Use text in quotes, and plain numbers.")


def _refuse_call(node: ast.Call) -> None:
    if not isinstance(node.func, ast.Name) or node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
        raise Trouble("The formula calls something that is not a function.", "Use functions such as ROUND(total, 2).")
    known = FUNCTIONS.get(node.func.id)
    if known is None:
        near = get_close_matches(node.func.id.upper(), FUNCTIONS, 1)
        remedy = f"Did you mean {FUNCTIONS[near[0]].usage}?" if near else f"There are {', '.join(sorted(FUNCTIONS))}."
        raise Trouble(f"There is no function {node.func.id}.", remedy)
    if not known.takes(len(node.args)):
        raise Trouble(f"{known.name} was given {len(node.args)} values.", f"It takes {known.usage}.")


def path_of(node: ast.expr) -> list[str]:
    """`lines[0].name` as its parts."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute) and not node.attr.startswith("_"):
        return [*path_of(node.value), node.attr]
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        key = node.slice.value
        if isinstance(key, str | int | Decimal):
            return [*path_of(node.value), str(key)]
    raise Trouble("The formula reads something that is not a field.", "Write fields as billing.city or lines[0].name.")


def _reads(tree: ast.expr) -> Iterator[str]:
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            yield ".".join(path_of(node))
        elif isinstance(node, ast.Call):
            waiting += node.args
        else:
            waiting += ast.iter_child_nodes(node)


def _exact(tree: ast.expr, text: str) -> ast.expr:
    """Numbers become the Decimals that were written, not the nearest float."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and values.is_number(node.value):
            written = ast.get_source_segment(text, node) if isinstance(node.value, float) else None
            node.value = values.bounded(Decimal(written or node.value))  # type: ignore[assignment]
    return tree
