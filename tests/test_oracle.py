"""Who watches the oracle? Books that are right are left alone, and each kind of fault in them is noticed for what it is."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.oracle import DUPLICATED, LOST, WRONG, Finding, differences, doubles, hearsay, overlooked, unaccounted

ORDER = {
    "increment_id": "7",
    "kind": "simple",
    "currency": "USD",
    "date": "2026-03-01",
    "expected": "posted",
    "expected_total": "11.00",
    "expected_tax": "1.00",
    "expected_payments": [{"amount": "11.00", "date": "2026-03-02"}],
    "expected_tenders": [],
    "expected_refunds": [{"total": "5.50", "date": "2026-03-09"}],
    "expected_findings": [{"reason": "refund_missing", "amount": "2.00"}],
}
USD = {"code": "USD"}
INVOICE = {
    "id": 1,
    "invoice_number": "N-7",
    "amount": {"amount": "11.00", **USD},
    "currency_code": "USD",
    "create_date": "2026-03-01",
    "lines": [
        {"amount": {"amount": "10.00"}, "taxName1": "VAT", "taxAmount1": "10", "taxName2": "", "taxAmount2": "0"}
    ],
}
BOOKS: dict[str, list[dict[str, Any]]] = {
    "invoices": [INVOICE],
    "payments": [{"id": 1, "invoiceid": 1, "amount": {"amount": "11.00"}, "date": "2026-03-02", "note": "[N-7/1]"}],
    "credit_notes": [
        {
            "credit_number": "1",
            "notes": "Refund 1 of invoice N-7.",
            "amount": {"amount": "5.50"},
            "create_date": "2026-03-09",
        }
    ],
    "clients": [{"email": "Ada@example.com"}],
    "items": [{"sku": "MUG"}],
}
Spoil = Callable[[dict[str, list[dict[str, Any]]]], object]


def found(books: dict[str, list[dict[str, Any]]], order: dict[str, Any] = ORDER) -> list[Finding]:
    return [*differences({"N-7": order}, books), *doubles(books)]


def kinds(findings: Iterable[Finding]) -> set[str]:
    return {finding.kind for finding in findings}


def test_books_that_are_right_are_left_alone() -> None:
    assert found(BOOKS) == []


ADJUSTED: dict[str, list[dict[str, Any]]] = {
    **BOOKS,
    "invoices": [
        {**INVOICE, "amount": {"amount": "8.80"}, "lines": [{**INVOICE["lines"][0], "amount": {"amount": "8.00"}}]},
        {
            **INVOICE,
            "id": 2,
            "invoice_number": "N-7-A1",
            "create_date": "2026-03-08",
            "amount": {"amount": "3.30"},
            "lines": [{**INVOICE["lines"][0], "amount": {"amount": "3.00"}}],
        },
    ],
    "credit_notes": [
        *BOOKS["credit_notes"],
        {
            "credit_number": "N-7-A1",
            "notes": "Correction of invoice N-7.",
            "amount": {"amount": "1.10"},
            "create_date": "2026-03-08",
            "lines": [{**INVOICE["lines"][0], "amount": {"amount": "1.00"}}],
        },
    ],
}


def test_an_order_whose_edit_was_adjusted_is_worth_all_its_documents() -> None:
    assert not list(differences({"N-7": ORDER}, ADJUSTED, edited=["N-7"]))


@pytest.mark.parametrize("table", ["invoices", "credit_notes"])
def test_a_missing_document_of_an_edit_is_noticed(table: str) -> None:
    assert kinds(differences({"N-7": ORDER}, {**ADJUSTED, table: ADJUSTED[table][:-1]}, edited=["N-7"])) == {WRONG}


def test_documents_of_an_edit_that_nobody_decided_about_are_noticed() -> None:
    assert WRONG in kinds(differences({"N-7": ORDER}, ADJUSTED))


def test_what_somebody_deleted_is_not_there() -> None:
    books = copy.deepcopy(BOOKS)
    books["invoices"].append({**INVOICE, "id": 2, "vis_state": 1})
    assert found(books) == []


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        (LOST, lambda books: books["invoices"].clear()),
        (LOST, lambda books: books["payments"].clear()),
        (LOST, lambda books: books["credit_notes"].clear()),
        (DUPLICATED, lambda books: books["invoices"].append(INVOICE | {"id": 2})),
        (DUPLICATED, lambda books: books["payments"].append(books["payments"][0])),
        (DUPLICATED, lambda books: books["credit_notes"].append(books["credit_notes"][0])),
        (DUPLICATED, lambda books: books["clients"].append({"email": "ada@EXAMPLE.com"})),
        (DUPLICATED, lambda books: books["items"].append({"sku": "MUG"})),
        (WRONG, lambda books: books["invoices"][0].update(amount={"amount": "11.01"})),
        (WRONG, lambda books: books["invoices"][0].update(currency_code="EUR")),
        (WRONG, lambda books: books["invoices"][0].update(create_date="2026-03-02")),
        (WRONG, lambda books: books["invoices"][0]["lines"][0].update(taxAmount1="9")),
        (WRONG, lambda books: books["payments"][0].update(amount={"amount": "10.99"})),
        (WRONG, lambda books: books["payments"][0].update(date="2026-03-01")),
        (WRONG, lambda books: books["credit_notes"][0].update(create_date="2026-03-01")),
        (WRONG, lambda books: books["invoices"].append(INVOICE | {"invoice_number": "8"})),
    ],
)
def test_each_fault_is_noticed_for_what_it_is(kind: str, spoil: Spoil) -> None:
    books = copy.deepcopy(BOOKS)
    spoil(books)
    assert kind in kinds(found(books))


def test_an_order_that_should_not_be_invoiced_is_noticed() -> None:
    assert kinds(found(BOOKS, ORDER | {"expected": "skipped:canceled"})) == {WRONG}


@pytest.mark.parametrize(("said", "kind"), [([], {LOST}), (["Booked"], set()), (["Booked", "Booked"], {DUPLICATED})])
def test_a_store_is_told_once(said: list[str], kind: set[str]) -> None:
    assert kinds(hearsay([ORDER], {"7": said})) == kind


@pytest.mark.parametrize(
    ("records", "kind"), [({}, {LOST}), ({"7": "posted"}, set()), ({"7": "held:tax_differs"}, {WRONG})]
)
def test_every_order_stands_in_the_hub_as_what_it_is(records: dict[str, str], kind: set[str]) -> None:
    assert kinds(unaccounted([ORDER], records)) == kind


@pytest.mark.parametrize(
    ("findings", "kind"),
    [
        ([], {WRONG}),
        ([{"reason": "refund_missing", "amount": "2.0000", "message": "told"}], set()),
        ([{"reason": "refund_missing", "amount": "3.00"}], {WRONG}),
        ([{"reason": "refund_too_large", "amount": "2.00"}], {WRONG}),
    ],
)
def test_what_is_odd_about_an_order_stands_beside_it(findings: list[dict[str, Any]], kind: set[str]) -> None:
    assert kinds(overlooked([ORDER], {"7": findings})) == kind
