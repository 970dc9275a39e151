"""What Magento's error answers are taken for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.errors import Gone, NeedsLogin, Rejected, RetryLater
from connectors.http import Answer
from connectors.magento.refusals import accepted, rendered, said


def answer(status: int, body: Any) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer("GET", "https://shop.example.com/rest/V1/orders/1", status, {}, text.encode())


DENIED = {
    "message": "The consumer isn't authorized to access %resources.",
    "parameters": {"resources": "Magento_Sales::actions_view"},
}
MISSING = {"message": "The entity that was requested doesn't exist. Verify the entity and try again."}


def test_a_missing_permission_is_named() -> None:
    with pytest.raises(NeedsLogin, match="Magento_Sales::actions_view"):
        accepted(answer(401, DENIED))


def test_a_permission_that_only_writing_lacks_closes_nothing_else() -> None:
    """The same token has just read the record."""
    refused = Answer("POST", "https://shop.example.com/rest/V1/orders/1/comments", 401, {}, json.dumps(DENIED).encode())
    with pytest.raises(Rejected, match=r"Tick Magento_Sales::actions_view.* or switch the write-back off"):
        accepted(refused)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"message": "The signature is invalid. Verify and try again."}),
        (401, {"message": "An error occurred validating the nonce"}),
        (400, {"message": "The token length is invalid. Check the length and try again."}),
        (400, {"message": "Signature method %1 is not supported", "parameters": ["HMAC-SHA256"]}),
        (400, {"message": '"%fieldName" is required.', "parameters": {"fieldName": "oauth_token"}}),
        (401, "<html>Authorization Required</html>"),
    ],
)
def test_a_refused_login_pauses_the_connection(status: int, body: Any) -> None:
    with pytest.raises(NeedsLogin):
        accepted(answer(status, body))


def test_a_record_that_is_not_there_is_gone() -> None:
    with pytest.raises(Gone, match="doesn't exist"):
        accepted(answer(404, MISSING))


@pytest.mark.parametrize("body", [{"message": "Request does not match any route."}, "<html>Not Found</html>"])
def test_a_wrong_address_is_not_taken_for_a_missing_record(body: Any) -> None:
    with pytest.raises(Rejected) as refused:
        accepted(answer(404, body))
    assert not isinstance(refused.value, Gone)


def test_a_firewalls_page_is_tried_again() -> None:
    with pytest.raises(RetryLater):
        accepted(answer(403, "<html>Access denied</html>"))


def test_a_refused_document_says_every_reason_rendered_and_decoded() -> None:
    body = {
        "message": "One or more input exceptions have occurred.",
        "errors": [
            {"message": "Field %1 &amp; %2", "parameters": ["a", "b"]},
            {"message": "%name is bad", "parameters": {"name": "x"}},
        ],
    }
    with pytest.raises(Rejected, match=r"have occurred\. Field a & b x is bad") as refused:
        accepted(answer(400, body))
    assert refused.value.code == "http_400"


def test_messages_without_parameters_stay_as_they_are() -> None:
    assert rendered("100 %done of %1", None) == "100 %done of %1"
    assert said({"message": None}) == ""
