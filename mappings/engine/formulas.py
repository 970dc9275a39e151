"""Formulas: one expression as in a spreadsheet, over the fields of the scope. Safe, bounded, exact.

No attribute of a Python object is ever reached: a dotted name is a path. Nothing loops, and text and numbers have a
largest size.
"""

from __future__ import annotations

import ast
import decimal
from collections.abc import Mapping
from difflib import get_close_matches
from functools import partial
from threading import local
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

from mappings.engine import functions, paths, values
from mappings.engine.errors import MappingError, Problem, Trouble, shown
from mappings.engine.functions import FUNCTIONS, Tables
from mappings.engine.grammar import compiled, path_of
from mappings.engine.operators import OPERATORS

_here = local()
EXACT = decimal.Context(prec=28, rounding=decimal.ROUND_HALF_EVEN)


def evaluate(text: str, scope: Mapping[str, Any], lookups: Tables | None = None) -> Any:
    """The formula's value. Raises MappingError, and nothing else, whatever the text."""
    try:
        return solve(text, scope, lookups)
    except Trouble as trouble:
        raise MappingError([Problem("", trouble.value, trouble.message, trouble.remedy)]) from None


def solve(text: str, scope: Mapping[str, Any], lookups: Tables | None = None) -> Any:
    """The same for `build`, which knows the field: raises Trouble."""
    formula = compiled(text)
    try:
        with decimal.localcontext(EXACT):
            return _evaluator().over(scope, lookups or {}).eval(text, formula.tree)
    except Trouble as trouble:
        raise Trouble(f"In the formula {shown(text)}: {trouble.message}", trouble.remedy, value=trouble.value) from None
    except ArithmeticError:
        raise Trouble(f"In the formula {shown(text)}: a number grows too large.", "Check the calculation.") from None
    except (InvalidExpression, TypeError, ValueError, RecursionError) as error:
        raise Trouble(f"The formula {shown(text)} cannot be worked out: {error}.", "Correct the formula.") from None


def check(text: str) -> list[str]:
    """What is wrong with the formula, in sentences; empty where it can be worked out."""
    try:
        compiled(text)
    except Trouble as trouble:
        return [f"{trouble.message} {trouble.remedy}".strip()]
    return []


def _evaluator() -> _Evaluator:
    """One per thread: to make it takes longer than to work out a formula, and one formula never works out another."""
    if not hasattr(_here, "evaluator"):
        _here.evaluator = _Evaluator()
    found: _Evaluator = _here.evaluator
    return found


class _Evaluator(SimpleEval):  # type: ignore[misc]
    """simpleeval with our operators and functions, paths for names, and an IF that works out one branch only."""

    scope: Mapping[str, Any]

    def __init__(self) -> None:
        super().__init__(OPERATORS, {name: function.call for name, function in FUNCTIONS.items()}, {})
        read, listed = self._read, self._listed
        self.nodes |= {ast.Name: read, ast.Attribute: read, ast.Subscript: read, ast.Tuple: listed, ast.List: listed}

    def over(self, scope: Mapping[str, Any], lookups: Tables) -> _Evaluator:
        self.scope = scope
        self.functions["LOOKUP"] = partial(functions.look_up, lookups)
        return self

    def _read(self, node: ast.expr) -> Any:
        name, *way = path_of(node)
        if name not in self.scope:
            near = get_close_matches(name, [*self.scope, *FUNCTIONS], 1)
            raise Trouble(f"There is no field {name} here.", f"Did you mean {near[0]}?" if near else "Check its name.")
        value = paths.step(self.scope, name)
        for part in way:
            value = paths.step(value, part)
        return values.number(value) if values.is_number(value) else value

    def _listed(self, node: ast.Tuple | ast.List) -> list[Any]:
        return [self._eval(element) for element in node.elts]

    def _eval_call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id == "IF":
            condition, then, *otherwise = node.args
            chosen = [then] if self._eval(condition) else otherwise
            return self._eval(chosen[0]) if chosen else None
        return super()._eval_call(node)
