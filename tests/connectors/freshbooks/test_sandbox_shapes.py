"""The simulator's answers have exactly the keys of the vendor's real ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.freshbooks.books_api import Books, line, plain, usd


def real(shared: Path, name: str) -> Any:
    content = json.loads((shared / "vendors/freshbooks/examples" / f"{name}.json").read_text())
    return content[0]["body"] if isinstance(content, list) else content


def real_record(shared: Path, name: str, kind: str) -> Any:
    return real(shared, name)["response"]["result"][kind]


def made(books: Books) -> dict[str, Any]:
    invoice = books.invoice(line("5.00", 4, ("HST", "13")), discount_value="10")
    amount = {"amount": usd("5"), "categoryid": 5001, "staffid": 1, "date": "2026-03-01"}
    return {
        "client": books.read("client", invoice["customerid"]),
        "invoice": books.read("invoice", invoice["id"]),
        "payment": books.pay(invoice, "5.00"),
        "item": books.create("item", name="Tea", sku="T"),
        "tax": books.create("tax", name="HST", amount="13"),
        "expense": books.create("expense", **amount),
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("recorded/create-client", "client"),
        ("recorded/create-invoice", "invoice"),
        ("recorded/send-invoice", "invoice"),
        ("recorded/create-payment", "payment"),
        ("recorded/get-payment", "payment"),
        ("recorded/get-expense", "expense"),
        ("java-sdk/get_item_response", "item"),
        ("java-sdk/get_tax_response", "tax"),
    ],
)
def test_a_record_has_the_vendors_keys(shared: Path, name: str, kind: str) -> None:
    ours, theirs = made(Books())[kind], real_record(shared, name, kind)
    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        if isinstance(value, Mapping):
            assert isinstance(ours[key], Mapping) and ours[key].keys() == value.keys(), key
        elif value is not None and ours[key] is not None:
            assert type(ours[key]) is type(value), key


def test_lines_have_the_vendors_keys(shared: Path) -> None:
    theirs = real_record(shared, "java-sdk/get_invoice_response", "invoice")["lines"]
    ours = Books().invoice(line("5.00"))["lines"]
    assert ours[0].keys() == theirs[0].keys()


def test_a_page_has_the_vendors_keys(shared: Path) -> None:
    theirs = real(shared, "recorded/list-payments")["response"]["result"]
    assert Books().page("payment") == theirs


def test_the_identity_has_the_vendors_keys(shared: Path) -> None:
    theirs = real(shared, "recorded/get-account-id")["response"]
    ours = plain(Books().call("GET", "/auth/api/v1/users/me"))["response"]
    assert ours.keys() == theirs.keys()
    for name in ("business_memberships", "roles", "groups"):
        assert ours[name][0].keys() == theirs[name][0].keys()
    membership, real_membership = ours["business_memberships"][0], theirs["business_memberships"][0]
    assert membership["business"].keys() == real_membership["business"].keys()


def test_refusals_are_the_vendors_own(shared: Path) -> None:
    books = Books()
    missing = books.path("client", 12345)
    assert plain(books.call("GET", missing)) == real(shared, "java-sdk/get_client_response__not_found_new")
    classic = books.call("GET", missing, **{"Api-Version": "alpha"})
    assert plain(classic) == real(shared, "java-sdk/get_client_response__not_found_old")
    nobody = {"Authorization": ""}
    assert plain(books.call("GET", missing, **nobody)) == real(shared, "java-sdk/get_client_response__no_auth")
    assert plain(books.call("GET", "/auth/api/v1/users/me", **nobody)) == real(
        shared, "python-sdk/auth_me_response__no_auth"
    )
    path = f"/events/account/{books.account_id}/events/callbacks"
    assert plain(books.call("GET", path, **nobody)) == real(shared, "python-sdk/get_callback_response__no_auth")
    assert plain(books.call("GET", f"{path}/1")) == real(shared, "python-sdk/get_callback_response__not_found")
    bad = {"callback": {"event": "nothing", "uri": "hook"}}
    theirs = real(shared, "python-sdk/create_callback_response__validation_error")
    assert plain(books.call("POST", path, body=bad)) == theirs


def test_a_callback_has_the_vendors_keys(shared: Path) -> None:
    books = Books()
    books.service.hook = {"hold": True}
    path = f"/events/account/{books.account_id}/events/callbacks"
    made = plain(books.call("POST", path, body={"callback": {"event": "invoice", "uri": "http://127.0.0.1:9/"}}))
    theirs = real_record(shared, "python-sdk/get_callback_response", "callback")
    assert made["response"]["result"]["callback"].keys() == theirs.keys()


def test_tokens_have_the_vendors_keys(shared: Path) -> None:
    ours = Books().service.tokens.last.answer()
    assert real(shared, "java-sdk/auth_token_response").keys() - ours.keys() == {"id_token"}
