"""What is written into the books: made once, found again, read back, and safe to repeat."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from connectors.base import Connector, Remote, Resource
from connectors.documents import CreditNote, Document, Invoice
from connectors.errors import NUMBER_TAKEN, REFERENCE_GONE, Gone, NotSearchable, OutcomeUnknown, Rejected
from connectors.sandbox import Fault
from tests.connectors.contract.samples import DAY, TAX, elsewhere, sample
from tests.connectors.contract.subjects import NOBODY, Subject, as_stored, every_connector_that, every_resource

booked = every_resource("create", "find")
OWNERS = ("client_id", "invoice_id")
COMPARED = {"number", "po_number", "client_id", "invoice_id", "date", "currency", "total", "amount", "note"}
ONE, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


def opened(connector: Connector, name: str) -> tuple[Resource[Any], Document]:
    return connector.resource(name), sample(connector, name)


def found(resource: Resource[Any], document: Document) -> list[str] | None:
    """Ids; None where these books cannot tell."""
    try:
        return [one.id for one in resource.find(document)]
    except NotSearchable:
        return None


def content(remote: Remote) -> tuple[object, ...]:
    return remote.id, remote.number, remote.state, remote.status, remote.total, remote.outstanding, remote.currency


@booked
def test_what_is_made_answers_for_itself(kind: str, name: str, subject: Subject) -> None:
    resource, document = opened(subject(kind)[1], name)
    made = resource.create(document)
    assert made.id and made.state == "active"
    assert made.number in ("", getattr(document, "number", ""), getattr(document, "sku", ""))
    if isinstance(document, Invoice | CreditNote):
        assert isinstance(made.total, Decimal) and (made.total, made.number) == (document.total, document.number)


@booked
def test_what_is_made_is_found_and_nothing_else_is(kind: str, name: str, subject: Subject) -> None:
    resource, document = opened(subject(kind)[1], name)
    assert not found(resource, elsewhere(document))
    made = resource.create(document)
    assert found(resource, document) in ([made.id], None)
    if elsewhere(document) != document:
        assert not found(resource, elsewhere(document))


@every_resource("create", "list_dated")
def test_what_is_made_is_listed_by_its_date_and_by_no_other(kind: str, name: str, subject: Subject) -> None:
    resource, document = opened(subject(kind)[1], name)
    assert not list(resource.list_dated(DAY, DAY))
    made = resource.create(document)
    for start, end, there in (
        (DAY, DAY, 1),
        (DAY - WEEK, DAY + WEEK, 1),
        (DAY - WEEK, DAY - ONE, 0),
        (DAY + ONE, DAY + WEEK, 0),
    ):
        assert [content(one) for one in resource.list_dated(start, end)] == [content(made)] * there


@every_resource("create", "list_dated")
def test_a_list_by_date_tells_what_is_compared(kind: str, name: str, subject: Subject) -> None:
    resource, document = opened(subject(kind)[1], name)
    resource.create(document)
    [listed] = resource.list_dated(DAY, DAY)
    told = document.model_dump()
    assert listed.facts.items() >= resource.read(listed.id).facts.items()
    for fact in COMPARED & told.keys():
        assert listed.facts[fact] == told[fact], fact
    assert listed.facts["client_id"]
    if isinstance(document, Invoice | CreditNote):
        assert listed.facts["tax"] == TAX.amount


@every_connector_that(lambda connector: connector.role == "books")
def test_what_carries_money_can_be_listed_by_date(kind: str, subject: Subject) -> None:
    _, connector = subject(kind)
    dated = [
        one for one in connector.resources.values() if "date" in one.document.model_fields and one.offers("create")
    ]
    assert dated and all(one.offers("list_dated") for one in dated)


@booked
def test_what_is_made_reads_as_it_was_answered(kind: str, name: str, subject: Subject) -> None:
    resource, document = opened(subject(kind)[1], name)
    made = resource.create(document)
    assert content(resource.read(made.id)) == content(made)
    with pytest.raises(Gone):
        resource.read(NOBODY)


@every_resource("create", "fetch", "parse")
def test_what_is_made_parses_alike_after_it_was_stored(kind: str, name: str, subject: Subject) -> None:
    resource, document = opened(subject(kind)[1], name)
    raw = resource.fetch(resource.create(document).id)
    parsed = resource.parse(raw)
    assert isinstance(parsed, resource.document)
    assert parsed == resource.parse(raw) == resource.parse(as_stored(raw))


@every_resource("create", "update")
def test_an_update_that_is_repeated_changes_nothing_more(kind: str, name: str, subject: Subject) -> None:
    resource, document = opened(subject(kind)[1], name)
    made = resource.create(document)
    once = resource.update(made.id, document)
    assert content(once) == content(resource.update(made.id, document)) == content(made)
    assert found(resource, document) in ([made.id], None)


@every_resource("create", "finish")
def test_a_draft_is_made_final_once(kind: str, name: str, subject: Subject) -> None:
    resource, document = opened(subject(kind)[1], name)
    draft = resource.create(document)
    final = resource.finish(draft.id)
    assert final.status != draft.status and (final.id, final.total) == (draft.id, draft.total)
    assert content(resource.finish(draft.id)) == content(final)


@booked
def test_a_lost_answer_leaves_in_doubt_what_can_be_found(kind: str, name: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    resource, document = opened(connector, name)
    sandbox.faults = [Fault("lost", method="POST")]
    with pytest.raises(OutcomeUnknown):
        resource.create(document)
    assert len(found(resource, document) or [NOBODY]) == 1


@every_resource("create", "find", where=lambda resource: not resource.document.model_fields.keys().isdisjoint(OWNERS))
def test_what_belongs_to_nobody_is_refused(kind: str, name: str, subject: Subject) -> None:
    """By the code that lets the hub make the owner anew."""
    resource, document = opened(subject(kind)[1], name)
    owners = {owner: NOBODY for owner in OWNERS if hasattr(document, owner)}
    with pytest.raises(Rejected) as refused:
        resource.create(document.model_copy(update=owners))
    assert refused.value.code == REFERENCE_GONE and len(str(refused.value).split()) > 2
    assert not found(resource, document)


@booked
def test_a_refusal_in_unknown_words_is_still_a_sentence(kind: str, name: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    resource, document = opened(connector, name)
    sandbox.faults = [Fault("status", status=422, body={"strange": "no"})]
    with pytest.raises(Rejected) as refused:
        resource.create(document)
    assert len(str(refused.value).split()) > 2 and refused.value.code
    assert not found(resource, document)


@every_resource("create", "find", where=lambda resource: resource.document is Invoice)
def test_a_taken_number_is_refused_as_such(kind: str, name: str, subject: Subject) -> None:
    resource, document = opened(subject(kind)[1], name)
    made = resource.create(document)
    with pytest.raises(Rejected) as refused:
        resource.create(document)
    assert refused.value.code == NUMBER_TAKEN
    assert found(resource, document) in ([made.id], None)


@every_connector_that(lambda connector: connector.role == "books")
def test_capabilities_are_learned_not_guessed(kind: str, subject: Subject) -> None:
    _, connector = subject(kind)
    assert "Other" in connector.capabilities().payment_types
    taught = type(connector)(connector.settings, connector.vault, connector.budget, learned={"items": False})
    assert taught.capabilities().items is False
