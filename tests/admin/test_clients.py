"""A client's page: what was posted for them, and the credit of theirs that pays nothing yet, in each currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hub.books.clients import accounts, documents
from hub.models import BooksClient, Flow, Posting, SyncRecord
from tests.admin import town
from tests.admin.conftest import LogIn

LONG = "somebody.with.a.rather.long.name.indeed@accounts-payable.a-very-long-company-name.example.com"


@pytest.fixture
def flow(db: None) -> Flow:
    return town.flow(town.store(), town.books())


@pytest.fixture
def ada(flow: Flow) -> BooksClient:
    return client(flow, "ada@example.com", "77")


def client(flow: Flow, key: str, id: str) -> BooksClient:
    document = {"first_name": "Ada", "last_name": "Okafor", "email": key}
    put(flow, "client", key, id, document=document, url=f"https://books.example.com/client/{id}")
    return BooksClient.objects.get(natural_key=key)


def put(flow: Flow, resource: str, key: str, id: str, amount: str = "", currency: str = "GBP", **more: Any) -> Posting:
    given = {"state": "done", "digest": "d", "document": {}, "remote_id": id, "date": town.DAY}
    worth = {"total": Decimal(amount), "booked": Decimal(amount), "currency": currency} if amount else {}
    return Posting.objects.create(target=flow.target, resource=resource, natural_key=key, **{**given, **worth, **more})


def order(flow: Flow, billed_to: str, number: str, *, currency: str = "GBP") -> SyncRecord:
    """An invoice over 100, of which 30 are credited, 10 of them applied, and 60 paid."""
    record = SyncRecord.objects.create(flow=flow, source_id=number, number=number, date=town.DAY, state="posted")
    billed = {"document": {"client_id": billed_to}, "record": record, "currency": currency}
    put(flow, "invoice", number, f"{number}1", "100.00", **billed)
    put(flow, "credit_note", f"{number}-A1", f"{number}2", "30.00", part="adjust-1", **billed)
    for part, amount in (("pay", "60.00"), ("applied:adjust-1:", "10.00")):
        put(flow, "payment", f"{number}/{part}", number + part, amount, currency, part=part, record=record)
    return record


def test_what_is_owed_and_what_is_unapplied_is_summed_by_currency(flow: Flow, ada: BooksClient) -> None:
    order(flow, "77", "1")
    order(flow, "77", "2", currency="EUR")
    order(flow, "78", "3")
    told = [(one.currency, one.invoiced, one.paid, one.owed, one.unapplied) for one in accounts(ada)]
    hundred, sixty, thirty, twenty = map(Decimal, (100, 60, 30, 20))
    assert told == [("EUR", hundred, sixty, thirty, twenty), ("GBP", hundred, sixty, thirty, twenty)]


def test_what_was_taken_back_or_never_made_counts_for_nothing(flow: Flow, ada: BooksClient) -> None:
    order(flow, "77", "1")
    Posting.objects.filter(resource="invoice").update(state="voided")
    Posting.objects.filter(resource="credit_note").update(state="intended")
    assert not documents(ada).exists() and accounts(ada) == []


def test_the_page_names_the_credit_and_links_every_document(log_in: LogIn, flow: Flow, ada: BooksClient) -> None:
    record = order(flow, "77", "1")
    page = log_in("Viewer").get(reverse("admin:hub_booksclient_change", args=[ada.pk])).content.decode()
    assert "Unapplied credit" in page and "20.00 GBP" in page and "Ada Okafor" in page
    for posting in record.postings.all():
        assert reverse("admin:hub_posting_change", args=[posting.pk]) in page
    assert reverse("admin:hub_syncrecord_change", args=[record.pk]) in page


def test_a_client_without_credit_says_so(log_in: LogIn, flow: Flow, ada: BooksClient) -> None:
    page = log_in().get(reverse("admin:hub_booksclient_change", args=[ada.pk])).content.decode()
    assert "No unapplied credit" in page


def test_the_page_costs_the_same_however_much_is_posted_for_others(log_in: LogIn, flow: Flow, ada: BooksClient) -> None:
    order(flow, "77", "1")
    address, web = reverse("admin:hub_booksclient_change", args=[ada.pk]), log_in()
    web.get(address)
    with CaptureQueriesContext(connection) as few:
        web.get(address)
    for number in range(10, 20):
        order(flow, "78", str(number))
    with CaptureQueriesContext(connection) as many:
        web.get(address)
    assert len(many) == len(few)


def test_only_clients_that_the_books_hold_are_listed(log_in: LogIn, flow: Flow, ada: BooksClient) -> None:
    put(flow, "client", "not-yet@example.com", "", state="intended")
    client(flow, LONG, "79")
    page = log_in("Viewer").get(reverse("admin:hub_booksclient_changelist")).content.decode()
    assert "ada@example.com" in page and LONG in page and "not-yet@example.com" not in page
