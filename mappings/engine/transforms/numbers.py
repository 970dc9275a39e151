"""Transforms of numbers. Exact: Decimal in and out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mappings.engine import functions, values
from mappings.engine.transforms.catalogue import Argument, transform


@transform("Number", "Reads text as a number", Argument("decimal mark", default="."))
def number(value: Any, point: str) -> Decimal:
    return values.number(value, point=point)


@transform("Round", "Rounds half away from zero", Argument("digits", "whole", default="2"))
def round_(value: Any, digits: int) -> Decimal:
    return functions.rounded(value, digits)


@transform("Without sign", "Makes it positive")
def abs_(value: Any) -> Decimal:
    return functions.absolute(value)


@transform("Other sign", "Turns plus into minus and back")
def negate(value: Any) -> Decimal:
    return -values.number(value) + 0
