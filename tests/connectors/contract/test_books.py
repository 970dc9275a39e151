"""What is written into the books: made once, found again, read back, and safe to repeat."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connectors.base import Connector, Remote, Resource
from connectors.documents import Document
from connectors.errors import ConnectorError, Gone, NotSearchable, OutcomeUnknown, Rejected
from connectors.sandbox import Fault
from tests.connectors.contract.samples import elsewhere, sample
from tests.connectors.contract.subjects import NOBODY, Subject, as_stored, every_connector, every_resource

booked = every_resource("create", "find")
OWNERS = ("client_id", "invoice_id")


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
    if hasattr(document, "total"):
        assert isinstance(made.total, Decimal) and (made.total, made.number) == (document.total, document.number)


@booked
def test_what_is_made_is_found_and_nothing_else_is(kind: str, name: str, subject: Subject) -> None:
    resource, document = opened(subject(kind)[1], name)
    assert not found(resource, elsewhere(document))
    made = resource.create(document)
    assert found(resource, document) in ([made.id], None)
    if elsewhere(document) != document:
        assert not found(resource, elsewhere(document))


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


@booked
def test_a_refusal_is_a_sentence(kind: str, name: str, subject: Subject) -> None:
    """Of what belongs to somebody who is not there; where nothing does, of anything."""
    sandbox, connector = subject(kind)
    resource, document = opened(connector, name)
    owners = {owner: NOBODY for owner in OWNERS if hasattr(document, owner)}
    if not owners:
        sandbox.faults = [Fault("status", status=422, body={"message": "no"}, times=-1)]
    with pytest.raises(Rejected) as refused:
        resource.create(document.model_copy(update=owners))
    assert len(str(refused.value).split()) > 2 and refused.value.code
    assert not found_afterwards(resource, document, sandbox)


def found_afterwards(resource: Resource[Any], document: Document, sandbox: Any) -> list[str] | None:
    sandbox.faults = []
    return found(resource, document)


@every_connector
def test_capabilities_are_learned_not_guessed(kind: str, subject: Subject) -> None:
    _, connector = subject(kind)
    if connector.role != "books":
        pytest.skip("these are no books")
    assert "Other" in connector.capabilities().payment_types
    taught = type(connector)(connector.settings, connector.vault, connector.budget, learned={"items": False})
    assert taught.capabilities().items is False


def test_every_error_of_the_family_has_a_code() -> None:
    assert ConnectorError("no").code
