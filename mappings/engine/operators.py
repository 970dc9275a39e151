"""The operators of formulas: exact, bounded, and strict about empty values and text."""

from __future__ import annotations

import ast
import datetime as dt
import decimal
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mappings.engine import functions, values
from mappings.engine.errors import Trouble, shown

POWER_LIMIT = 100


def _amount(value: Any) -> Decimal:
    if values.is_number(value):
        return values.number(value)
    if values.is_empty(value):
        raise Trouble("It calculates with an empty value.", "Say what an empty value counts as: COALESCE(value, 0).")
    remedy = "Use NUMBER() to read text as a number, and & to put texts together."
    raise Trouble(f"It calculates with {shown(value)}, which is not a number.", remedy, value=value)


def _arithmetic(work: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Any, Any], Any]:
    def apply(one: Any, other: Any) -> Any:
        try:
            return values.bounded(work(_amount(one), _amount(other)))
        except (decimal.DivisionByZero, decimal.DivisionUndefined, decimal.InvalidOperation):
            raise Trouble("It divides by zero, or raises to an impossible power.", "Guard it with IF().") from None

    return apply


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if abs(exponent) > POWER_LIMIT:
        raise Trouble(f"The power {exponent} is too large.", f"Use at most {POWER_LIMIT}.", value=exponent)
    return base**exponent


def _plus(one: Any, other: Any) -> Any:
    return functions.add_days(one, other) if isinstance(one, dt.date) else _arithmetic(operator.add)(one, other)


def _minus(one: Any, other: Any) -> Any:
    if isinstance(one, dt.date):
        return (
            functions.days_between(one, other)
            if isinstance(other, dt.date)
            else functions.add_days(one, -_amount(other))
        )
    return _arithmetic(operator.sub)(one, other)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def apply(one: Any, other: Any) -> bool:
        if isinstance(one, dt.date) or isinstance(other, dt.date):
            return compare(values.date(one), values.date(other))
        if isinstance(one, str) and isinstance(other, str):
            return compare(one, other)
        return compare(_amount(one), _amount(other))

    return apply


def _within(one: Any, other: Any) -> bool:
    if isinstance(other, str):
        return values.text(one) in other
    return one in other if isinstance(other, list | tuple | dict) else False


OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _plus,
    ast.Sub: _minus,
    ast.Mult: _arithmetic(operator.mul),
    ast.Div: _arithmetic(operator.truediv),
    ast.Mod: _arithmetic(operator.mod),
    ast.Pow: _arithmetic(_power),
    ast.BitAnd: functions.concat,
    ast.USub: lambda value: -_amount(value),
    ast.UAdd: lambda value: _amount(value),
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: _ordered(operator.lt),
    ast.LtE: _ordered(operator.le),
    ast.Gt: _ordered(operator.gt),
    ast.GtE: _ordered(operator.ge),
    ast.In: _within,
    ast.NotIn: lambda one, other: not _within(one, other),
}
