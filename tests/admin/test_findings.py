"""What is odd about a booked order is told on its page and can be listed; nobody is alarmed by it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from hub.admin.proof import proof
from hub.models import Flow, Posting, SyncRecord
from tests.accounting.orders import line, order, refund
from tests.admin import town
from tests.admin.conftest import LogIn

FINDING = {
    "reason": "refund_missing",
    "message": "The store says that 20.00 GBP of order 100000007 were refunded, but it lists no refund.",
    "amount": "20.00",
    "currency": "GBP",
}
LIST = "admin:hub_syncrecord_changelist"


@pytest.fixture
def north(db: None) -> Flow:
    return town.flow(town.store(), town.books())


def _page(log_in: LogIn, record: SyncRecord) -> str:
    return log_in("Viewer").get(reverse("admin:hub_syncrecord_change", args=[record.pk])).content.decode()


def test_a_finding_is_told_on_the_record_s_page(log_in: LogIn, north: Flow) -> None:
    text = _page(log_in, town.posted(north, 7, findings=[FINDING]))
    assert FINDING["message"] in text and "Worth a look" in text
    assert "Posted to the books" in text and "All three are equal" in text


def test_a_record_without_findings_says_nothing_of_them(log_in: LogIn, north: Flow) -> None:
    assert "Worth a look" not in _page(log_in, town.posted(north, 7))


def test_records_with_findings_can_be_listed_and_are_counted(log_in: LogIn, north: Flow) -> None:
    odd = [town.posted(north, id, findings=[FINDING]).number for id in (7, 8)]
    plain = town.posted(north, 9).number
    client = log_in("Viewer")
    everything = client.get(reverse(LIST)).content.decode()
    assert "With findings (2)" in everything and plain in everything
    listed = client.get(reverse(LIST), {"findings": "with"}).content.decode()
    assert all(number in listed for number in odd) and plain not in listed


def test_the_list_says_what_was_found(log_in: LogIn, north: Flow) -> None:
    town.posted(north, 7, findings=[FINDING])
    assert "The store says that 20.00 GBP" in log_in("Viewer").get(reverse(LIST)).content.decode()


def test_a_credit_note_that_was_cut_is_what_the_proof_expects(north: Flow) -> None:
    record = town.posted(north, 7)
    credit = {"target": north.target, "resource": "credit_note", "natural_key": "91", "document": {}, "digest": "d"}
    Posting.objects.create(
        record=record, part="91", total=Decimal("43.20"), booked=Decimal("43.20"), currency="EUR", **credit
    )
    given = order(refunds=(refund(line("50.00", "10.00")),))
    [row] = [row for row in proof(record, given, list(record.postings.all())).rows if row.title == "Credit note"]
    assert (row.source, row.asked) == (Decimal("43.20"), Decimal("43.20"))
