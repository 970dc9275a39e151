"""Formulas calculate exactly, say plainly what is wrong, and cannot do harm."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.engine.errors import MappingError
from mappings.engine.formulas import check, evaluate
from mappings.engine.functions import FUNCTIONS

SCOPE: dict[str, Any] = {
    "total": Decimal("12.50"),
    "count": 3,
    "name": "Ada",
    "nothing": None,
    "date": dt.date(2026, 1, 30),
    "lines": [{"net": Decimal("1.10"), "sku": "A"}, {"net": Decimal("2.20"), "sku": "B"}],
    "raw": {"x-code": {"inner": "found"}},
}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("0.1 + 0.2", Decimal("0.3")),
        ("ROUND(2.345, 2)", Decimal("2.35")),
        ("ROUND(-2.5)", Decimal("-3")),
        ("1234567890123456789.01 + 0", Decimal("1234567890123456789.01")),
        ('IF(total > 10, "big", 1 / 0)', "big"),
        ('name & " " & total', "Ada 12.50"),
        ("SUM(lines.net)", Decimal("3.30")),
        ("lines[1].sku", "B"),
        ('raw["x-code"].inner', "found"),
        ("date + 30", dt.date(2026, 3, 1)),
        ("DAYS(DATE(2026, 3, 1), date)", Decimal("30")),
        ('date < "2026-02-01"', True),
        ('COALESCE(nothing, "", name)', "Ada"),
        ('JOIN("-", name, nothing, "x")', "Ada-x"),
        ('LOOKUP("types", "CHECKMO", "Other")', "Check"),
        ('LOOKUP("types", "unknown", "Other")', "Other"),
        ('name in ("Ada", "Bob") and not nothing', True),
        ('TEXT(date, "DD.MM.YYYY") & "/" & TEXT(total, 0)', "30.01.2026/13"),
        ('NUMBER("1.234,50", ",")', Decimal("1234.50")),
        ('CONTAINS(name, "ad")', True),
        ("MIN(3, nothing, 2)", Decimal(2)),
        ("count % 2", Decimal(1)),
        ("nothing.deeper.still", None),
    ],
)
def test_a_formula_has_a_value(formula: str, value: Any) -> None:
    found = evaluate(formula, SCOPE, {"types": {"checkmo": "Check"}})
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("1 / 0", "divides by zero"),
        ("nothing + 1", "COALESCE(value, 0)"),
        ("name * 2", "NUMBER()"),
        ("totl + 1", "Did you mean total?"),
        ("ROUNDD(1)", "Did you mean ROUND(number, digits)?"),
        ("ROUND()", "ROUND was given 0 values"),
        ("total = 1", "Write == to compare"),
        ('LOOKUP("types", "none")', "Add the row to the table"),
        ('LOOKUP("tables", "none")', "There is no lookup table"),
        ("ROUND(total", "is not a formula"),
        ("", "is empty"),
        ('NUMBER("1,5")', "is not a number"),
        ("SUM(raw)", "is not a number"),
    ],
)
def test_what_is_wrong_is_said_plainly(formula: str, said: str) -> None:
    with pytest.raises(MappingError) as caught:
        evaluate(formula, SCOPE, {"types": {}})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "attack",
    [
        "9**9**9**9",
        "1e30 ** 100",
        "10 ** 29 * 10 ** 29",
        '"a" * 1000000',
        'REPLACE(REPLACE(LONG, "a", LONG), "a", LONG)',
        "().__class__.__base__.__subclasses__()",
        "name.__class__",
        "name.upper()",
        "name._private",
        '__import__("os").system("true")',
        'open("/etc/passwd")',
        "[x for x in lines]",
        "{x for x in lines}",
        "lambda: 1",
        "(lambda x: x)(1)",
        'f"{name}"',
        "name := 1",
        "*lines",
        "ROUND(*lines)",
        "ROUND(number=1)",
        "ROUND",
        "lines[1:2]",
        "lines[count]",
        "-" * 1500 + "1",
        "(" * 300 + "1" + ")" * 300,
        "1 if " * 300 + "1",
        "1e999999999",
        "9" * 1900,
        "1+" * 3000 + "1",
        "\x00",
        "\ud800",
        "await x",
        "yield",
        "1 << 100",
        "~1",
        "1j",
        "b'x'",
        "...",
        "import os",
    ],
)
def test_nothing_dangerous_or_endless_is_worked_out(attack: str) -> None:
    started = time.monotonic()
    with pytest.raises(MappingError):
        evaluate(attack, {**SCOPE, "LONG": "a" * 5000})
    assert time.monotonic() - started < 10


def test_a_formula_that_passes_the_check_knows_its_functions() -> None:
    assert check("ROUND(total, 2)") == []
    assert check("ROUNDD(total)")


@given(st.text(max_size=80))
def test_any_text_is_a_value_or_a_mapping_error(text: str) -> None:
    try:
        evaluate(text, SCOPE)
    except MappingError as error:
        assert error.problems[0].message


_values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.dates()
    | st.lists(st.integers())
)
_leaves = st.sampled_from(["one", "other", "2", "0", "-3.5", '"text"', "one.part", "other[0]"])
_formulas = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%", "**", "&", "==", "<", "in", "and"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), st.lists(inner, max_size=3)).map(
            lambda parts: f"{parts[0]}({', '.join(parts[1])})"
        ),
    ),
    max_leaves=8,
)


@given(_formulas, _values, _values)
def test_any_formula_over_any_values_is_a_value_or_a_mapping_error(formula: str, one: Any, other: Any) -> None:
    try:
        evaluate(formula, {"one": one, "other": other}, {"text": {"text": "x"}})
    except MappingError as error:
        assert error.problems[0].message
