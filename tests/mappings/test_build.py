"""Rules make a document's content, in order, whole, and without touching what they read."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.documents import BooksLine, Client, Invoice, LineTax, OrderUpdate
from mappings.engine.build import build, holds
from mappings.engine.errors import MappingError
from mappings.engine.rules import Rule
from mappings.engine.validate import validate

LINE = BooksLine(
    name="Mug", unit_price=Decimal("5"), taxes=(LineTax(name="VAT", percent=Decimal(20), amount=Decimal(1)),)
)


def rule(target: str, source: str = "", **more: Any) -> Rule:
    return Rule(target=target, source=source, **more)


def test_a_rule_takes_a_source_a_formula_or_a_constant() -> None:
    rules = [
        rule("number", "order.number"),
        rule("notes", formula='"for " & order.number'),
        rule("language", value="en"),
    ]
    assert build(rules, {"order": {"number": "7"}}) == {"number": "7", "notes": "for 7", "language": "en"}


def test_an_empty_result_takes_the_default_and_else_leaves_the_field_out() -> None:
    rules = [rule("number", "nowhere", default="none"), rule("notes", "nowhere"), rule("total", "zero", default=9)]
    assert build(rules, {"zero": 0}) == {"number": "none", "total": 0}


def test_a_rule_whose_condition_is_false_does_nothing() -> None:
    rules = [rule("notes", value="first"), rule("notes", value="second", when="guest")]
    assert build(rules, {"guest": False}) == {"notes": "first"}
    assert build(rules, {"guest": True}) == {"notes": "second"}


def test_each_builds_one_element_for_each_line() -> None:
    rules = [
        rule("lines.name", "line.name", each="wanted.lines"),
        rule("lines.taxes", "line.taxes", each="wanted.lines"),
        rule("lines.description", value="gift", each="wanted.lines", when="line.unit_price == 0"),
    ]
    free = LINE.model_copy(update={"unit_price": Decimal(0), "taxes": ()})
    built = build(rules, {"wanted": {"lines": (LINE, free)}})
    tax = {"name": "VAT", "percent": Decimal(20), "amount": Decimal(1)}
    assert built == {"lines": [{"name": "Mug", "taxes": [tax]}, {"name": "Mug", "description": "gift"}]}


def test_lists_from_two_places_follow_each_other() -> None:
    rules = [rule("lines.name", "line", each="first"), rule("lines.name", "line", each="second")]
    assert build(rules, {"first": ["a"], "second": ["b"]}) == {"lines": [{"name": "a"}, {"name": "b"}]}


def test_all_problems_are_told_at_once_each_with_its_field() -> None:
    rules = [rule("total", formula="1 / 0"), rule("date", "when", transforms=("date",)), rule("number", "no")]
    with pytest.raises(MappingError) as caught:
        build(rules, {"when": "soon", "no": "1"})
    assert [(one.field, one.value) for one in caught.value.problems] == [("total", None), ("date", "soon")]
    assert all(one.remedy for one in caught.value.problems)


def test_two_rules_in_each_others_way_are_named() -> None:
    with pytest.raises(MappingError, match="Another rule"):
        build([rule("address", value="x"), rule("address.city", value="y")], {})


def test_a_condition_may_stand_alone() -> None:
    assert holds("", {}) and holds("a == 1", {"a": 1}) and not holds("a == 1", {"a": 2})


_scopes = st.dictionaries(
    st.sampled_from(["a", "b", "rows"]),
    st.recursive(
        st.none() | st.text() | st.integers() | st.decimals(allow_nan=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("xyz"), inner),
    ),
)
_rules = st.lists(
    st.builds(
        rule,
        st.sampled_from(["number", "notes", "lines.name", "lines", "address.city"]),
        st.sampled_from(["a", "b.x", "line", "line.x", "rows.0", "rows.y"]),
        each=st.sampled_from(["", "rows", "a"]),
        default=st.sampled_from([None, "d", ["l"], {"k": 1}]),
        transforms=st.lists(st.sampled_from(["trim", "upper", "first", "number", "join", "default:z"]), max_size=2).map(
            tuple
        ),
    )
)


@given(_rules, _scopes)
def test_building_never_changes_its_scope_nor_shares_anything_with_it(rules: list[Rule], scope: dict[str, Any]) -> None:
    before = copy.deepcopy(scope)
    try:
        built = build(rules, scope)
    except MappingError:
        built = {}
    for value in built.values():
        if isinstance(value, list):
            value.append("changed")
        elif isinstance(value, dict):
            value["changed"] = True
    assert scope == before


@given(st.lists(st.integers(-5, 5) | st.none()))
def test_each_keeps_order_and_length(rows: list[int | None]) -> None:
    built = build(
        [rule("lines.quantity", "line", each="rows"), rule("lines.name", value="n", each="rows")], {"rows": rows}
    )
    assert [line.get("quantity") for line in built["lines"]] == rows


def test_validation_tells_field_value_and_remedy() -> None:
    built = {"number": 4, "currency": "usd", "date": "x", "lines": [{"name": "a", "unit_price": "free"}], "clientid": 1}
    with pytest.raises(MappingError) as caught:
        validate(Invoice, built)
    told = {one.field: str(one) for one in caught.value.problems}
    assert told["client_id"] == "client_id: It is missing. Add a rule for it, or give its rule a default."
    assert "usd is not the ISO 4217 code" in told["currency"]
    assert "In number 1 of the list: free is not an amount." in told["lines.0.unit_price"]
    assert "choose one of number, po_number, client_id" in told["clientid"]
    assert "lines" not in told


def test_a_documents_own_objection_is_passed_on() -> None:
    with pytest.raises(MappingError, match="A client needs an e-mail address"):
        validate(Client, {})


def test_a_number_in_a_text_field_becomes_text() -> None:
    assert validate(OrderUpdate, {"comment": 7, "attributes": {"invoice": Decimal("1.0")}}).attributes == {
        "invoice": "1.0"
    }
