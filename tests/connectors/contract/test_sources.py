"""What is read from a store or a CRM: all of it is told, every record can be fetched, kept, and parsed again."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from connectors.base import Connector, Resource
from connectors.documents import OrderUpdate
from connectors.errors import Gone, OutcomeUnknown, RetryLater
from connectors.sandbox import Fault, Sandbox
from tests.connectors.contract.subjects import NOBODY, Subject, as_stored, every_connector_that, every_resource, told

WORD = "Contract suite 4711"


def sources_of(connector: type[Connector]) -> list[str]:
    return [name for name, resource in connector.resources.items() if resource.offers("changed_since")]


polled = every_connector_that(lambda connector: bool(sources_of(connector)))
told_by_time = every_resource("fetch", "parse", "changed_since")
written_back = every_resource("update", "changed_since", where=lambda resource: resource.change is OrderUpdate)


def after_a_day(sandbox: Sandbox, resource: Resource[Any]) -> list[tuple[str, Any]]:
    sandbox.trade(orders=12, seed=5, day="2026-03-01")
    found = told(resource)
    assert found, "a day of trade changed nothing"
    return found


@told_by_time
def test_a_poll_may_end_anywhere_and_go_on_from_there(kind: str, name: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    resource = connector.resource(name)
    found = after_a_day(sandbox, resource)
    for position, (_, cursor) in enumerate(found[:40]):
        later = {id for id, _ in found[position + 1 :]}
        assert later <= {id for id, _ in told(resource, cursor)}, f"lost after {cursor}"


@polled
def test_what_is_placed_after_a_poll_is_told_by_the_next(kind: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    before = {name: after_a_day(sandbox, connector.resource(name)) for name in sources_of(type(connector))}
    sandbox.place({})
    fresh = {
        name: {id for id, _ in told(connector.resource(name), found[-1][1])} - {id for id, _ in found}
        for name, found in before.items()
    }
    assert any(fresh.values())


@told_by_time
def test_a_record_parses_alike_however_often_and_after_it_was_stored(kind: str, name: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    resource = connector.resource(name)
    for id in sorted({id for id, _ in after_a_day(sandbox, resource)}):
        raw = resource.fetch(id)
        untouched = copy.deepcopy(raw)
        document = resource.parse(raw)
        assert isinstance(document, resource.document)
        assert document == resource.parse(raw) and raw == untouched
        assert document == resource.parse(as_stored(raw))
        assert document == type(document).model_validate_json(document.model_dump_json())


@every_resource("fetch")
def test_a_record_that_is_not_there_is_gone(kind: str, name: str, subject: Subject) -> None:
    with pytest.raises(Gone) as gone:
        subject(kind)[1].resource(name).fetch(NOBODY)
    assert len(str(gone.value).split()) > 2


@every_resource("resolve")
def test_a_lookup_that_leads_nowhere_is_refused_in_a_sentence(kind: str, name: str, subject: Subject) -> None:
    with pytest.raises(Exception, match=" ") as refused:
        subject(kind)[1].resource(name).resolve("no_such_field=1")
    assert refused.type.__module__ == "connectors.errors"


@every_resource("resolve", "fetch", "parse", where=lambda resource: bool(resource.number_lookup))
def test_a_record_is_found_by_its_own_number(kind: str, name: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    resource = connector.resource(name)
    for id in sorted({id for id, _ in after_a_day(sandbox, resource)}):
        number = resource.parse(resource.fetch(id)).number
        assert resource.resolve(f"{resource.number_lookup}={number}") == id
    with pytest.raises(Gone):
        resource.resolve(f"{resource.number_lookup}={NOBODY}")


@every_resource("list_ids", "changed_since")
def test_a_sweep_leaves_out_no_day(kind: str, name: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    resource = connector.resource(name)
    after_a_day(sandbox, resource)
    for id in {id for id, _ in told(resource)}:
        date = getattr(resource.parse(resource.fetch(id)), "date", None)
        assert date is None or id in [*resource.list_ids(date, date)]


@written_back
@pytest.mark.parametrize("fault", [None, "lost"])
def test_an_update_that_is_repeated_is_made_once(kind: str, name: str, fault: str | None, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    resource = connector.resource(name)
    id = after_a_day(sandbox, resource)[0][0]
    change = OrderUpdate(comment=WORD)
    if fault:
        sandbox.faults = [Fault(fault, method="POST|PUT|PATCH")]
        with pytest.raises((OutcomeUnknown, RetryLater)):
            resource.update(id, change)
    assert resource.update(id, change).id == id
    once = str(sandbox.state()).count(WORD)
    resource.update(id, change)
    assert str(sandbox.state()).count(WORD) == once > 0
