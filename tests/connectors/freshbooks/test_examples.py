"""The vendor's real answers, read from beside this clone: every one is understood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.freshbooks.connector import FreshBooks
from connectors.freshbooks.countries import country_code
from connectors.freshbooks.envelopes import complaints
from connectors.freshbooks.identity import identity_of

KINDS = {"client": "clients", "invoice": "invoices", "payment": "payments", "item": "items", "tax": "taxes"}
NEEDED = {"invoice": "lines", "item": "sku"}
WORDS = {word: word for word in ("draft", "sent", "partial", "paid")}


@pytest.fixture
def examples(shared: Path) -> list[tuple[str, int, Any]]:
    """File, status and body of every example."""
    return list(_examples(shared / "vendors" / "freshbooks" / "examples"))


def _examples(folder: Path) -> Iterator[tuple[str, int, Any]]:
    for path in sorted(folder.rglob("*.json")):
        content = json.loads(path.read_text())
        if isinstance(content, list):
            yield from ((path.name, one["status"], one["body"]) for one in content)
        else:
            yield path.name, 400 if "__" in path.name else 200, content


def _records(examples: list[tuple[str, int, Any]], kind: str) -> Iterator[dict[str, Any]]:
    for _, _, body in examples:
        response = body.get("response") if isinstance(body, dict) else None
        result = response.get("result", {}) if isinstance(response, dict) else {}
        if kind in result:
            yield result[kind]
        yield from result.get(KINDS[kind], [])


@pytest.mark.parametrize("kind", KINDS)
def test_every_real_record_is_read(books: FreshBooks, examples: list[tuple[str, int, Any]], kind: str) -> None:
    resource = books.resource(kind)
    found = list(_records(examples, kind))
    assert found
    for raw in found:
        remote = resource.remote(raw)
        assert remote.id == str(raw["id"])
        if kind == "invoice" and "amount" in raw:
            assert remote.status == WORDS.get(raw.get("v3_status", ""), remote.status)
            assert remote.total == Decimal(raw["amount"]["amount"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_complete_record_becomes_a_document(
    books: FreshBooks, examples: list[tuple[str, int, Any]], kind: str
) -> None:
    complete = [raw for raw in _records(examples, kind) if raw.get(NEEDED.get(kind, "id"))]
    assert complete
    for raw in complete:
        assert isinstance(books.resource(kind).parse(raw), books.resources[kind].document)


def test_every_refusal_is_recognised_and_no_success_is_mistaken_for_one(examples: list[tuple[str, int, Any]]) -> None:
    for name, status, body in examples:
        if isinstance(body, dict) and (status >= 400 or "response" in body):
            assert bool(complaints(body)) is (status >= 400), name


def test_every_real_identity_names_its_accounts(examples: list[tuple[str, int, Any]]) -> None:
    found = [body["response"] for name, _, body in examples if name in ("get-account-id.json", "auth_me_response.json")]
    assert found
    assert all(identity_of(raw).accounts for raw in found)


def test_every_country_met_is_known(books: FreshBooks, examples: list[tuple[str, int, Any]]) -> None:
    names = {raw["p_country"] for raw in _records(examples, "client") if raw.get("p_country")}
    assert all(len(country_code(name)) == 2 for name in names)
