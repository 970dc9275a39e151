"""The five shapes of an error, and the successes that are none."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.errors import ConnectorError, NeedsLogin, OutcomeUnknown, Rejected, RetryLater
from connectors.freshbooks.connector import FreshBooks
from connectors.freshbooks.envelopes import complaints
from connectors.freshbooks.refusals import Asked, named
from connectors.http import Answer
from tests.connectors.freshbooks.conftest import Recorded


@pytest.mark.parametrize(
    "body",
    [
        {"response": {"result": {"invoice": {"id": 1}}}},
        {"response": {"result": {}, "errors": []}},
        {"response": {"id": 1, "email": "a@b.example"}},
        {},
        [],
        None,
    ],
)
def test_a_success_has_no_complaint(body: Any) -> None:
    assert complaints(body) == []


@pytest.mark.parametrize(
    ("body", "errno", "field", "message"),
    [
        (
            {"response": {"errors": {"errno": 1017, "field": "notes", "message": "Too long."}}},
            "1017",
            "notes",
            "Too long.",
        ),
        ({"error": "invalid_grant", "error_description": "Spent."}, "invalid_grant", "", "Spent."),
        (
            {"errno": 422, "message": "Bad.", "details": ["event: Unrecognized."]},
            "422",
            "event",
            "Bad. event: Unrecognized.",
        ),
        (
            {"code": 3, "message": "Bad.", "details": [{"fieldViolations": [{"field": "uri", "description": "No."}]}]},
            "",
            "uri",
            "No.",
        ),
        ({"error_type": "not_found", "message": "None."}, "not_found", "", "None."),
        ({"message": "Slow down."}, "", "", "Slow down."),
        ({"errors": ["Odd."]}, "", "", "Odd."),
    ],
)
def test_every_shape_is_read(body: Any, errno: str, field: str, message: str) -> None:
    (found,) = complaints(body)
    assert (found.errno, found.field, found.message) == (errno, field, message)


def answered(method: str, status: int, errno: int = 0) -> ConnectorError:
    found = complaints({"response": {"errors": [{"errno": errno, "message": "x"}]}}) if errno else []
    return named(Answer(method, "https://x.example", status, {}, b""), found, Asked("invoice"))


def test_their_own_failure_is_in_doubt_only_where_it_matters() -> None:
    assert isinstance(answered("POST", 200, 500), OutcomeUnknown)
    assert isinstance(answered("PUT", 200, 500), RetryLater)
    assert isinstance(answered("GET", 200, 500), RetryLater)


def test_a_bare_refusal_still_says_what_to_check() -> None:
    assert isinstance(answered("POST", 401), NeedsLogin)
    assert "account id" in str(answered("POST", 404))
    assert "every scope" in str(answered("POST", 403))
    assert answered("POST", 418).code == "http_418"


def test_several_complaints_are_all_told() -> None:
    body = {"response": {"errors": [{"errno": 1001, "message": "One."}, {"errno": 1004, "message": "Two."}]}}
    error = named(Answer("POST", "https://x.example", 422, {}, b""), complaints(body), Asked("credit_note"))
    assert isinstance(error, Rejected)
    assert "the credit note: One.; Two." in str(error)


def test_an_answer_without_an_envelope_is_not_understood(books: FreshBooks, recorded: Recorded) -> None:
    recorded("invoice-partly-paid", body={"invoice": {}})
    with pytest.raises(RetryLater):
        books.resource("invoice").read("81001")


def test_a_list_without_its_rows_proves_no_absence(books: FreshBooks, recorded: Recorded) -> None:
    recorded("payment-find-deleted", body={"response": {"result": {"page": 1, "pages": 1, "total": 0}}})
    with pytest.raises(RetryLater):
        books.resource("payment")._page(
            [("search[invoiceid]", "81001"), ("search[vis_state]", "1"), ("page", "1"), ("per_page", "100")]
        )
