"""Who is kept alike with whom: people whose addresses change, who share one, who leave; and two workers at one pair."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.errors import OutcomeUnknown
from connectors.models import Connection
from hub.engine import decisions
from hub.engine.claim import claim
from hub.engine.crew import work_on
from hub.intake.polling import poll
from hub.intake.waking import make_due
from hub.models import Conflict, Flow, Link, Posting, SyncRecord
from tests.hub.pairs import Pairs
from tests.hub.twins import BEGIN, STAR, town

# --- addresses that change ---


@pytest.mark.parametrize("where", ["store", "books"])
def test_an_address_that_was_given_up_belongs_to_whoever_takes_it(pairs: Pairs, ada: str, where: str) -> None:
    old = BEGIN["email"]
    if where == "store":
        pairs.customer("ada", email="lovelace@example.org")
    else:
        pairs.books.edit(ada, email="lovelace@example.org")
    pairs.sync()
    pairs.customer("bob", email=old, first_name="Bob")
    pairs.sync()
    bob = pairs.client_of("bob")
    assert bob != ada
    assert (pairs.books.rows[ada]["first_name"], pairs.books.rows[ada]["email"]) == ("Ada", "lovelace@example.org")
    assert (pairs.books.rows[bob]["first_name"], pairs.books.rows[bob]["email"]) == ("Bob", old)
    assert Posting.objects.get(natural_key="lovelace@example.org").remote_id == ada


def test_an_address_that_changed_in_the_books_unseen_is_no_proof_of_who_somebody_is(pairs: Pairs, ada: str) -> None:
    pairs.switch(pairs.back, on=False)
    pairs.books.edit(ada, email="lovelace@example.org")
    pairs.customer("bob", email=BEGIN["email"], first_name="Bob")
    pairs.sync()
    assert pairs.client_of("bob") != ada
    assert pairs.books.rows[ada]["first_name"] == "Ada"


def test_an_address_that_is_swapped_between_two_people_is_swapped_on_the_other_side_too(pairs: Pairs, ada: str) -> None:
    pairs.customer("bob", email="bob@example.org", first_name="Bob")
    pairs.sync()
    bob = pairs.client_of("bob")
    pairs.customer("ada", email="bob@example.org")
    pairs.customer("bob", email=BEGIN["email"])
    pairs.sync(4)
    assert (pairs.books.rows[ada]["email"], pairs.books.rows[bob]["email"]) == ("bob@example.org", BEGIN["email"])
    assert (pairs.client_of("ada"), pairs.client_of("bob")) == (ada, bob)


# --- one for two ---


def test_of_two_customers_with_one_address_the_first_keeps_the_client(pairs: Pairs, ada: str) -> None:
    pairs.customer("ada-2", first_name="Augusta")
    pairs.sync()
    record = pairs.there_record("ada-2")
    assert (record.state, record.reason) == ("skipped", "kept_with_another")
    assert "ada" in record.message and ada in record.message
    assert pairs.books.rows[ada]["first_name"] == "Ada" and len(pairs.books.rows) == 1


def test_a_client_s_change_goes_to_the_customer_who_keeps_it(pairs: Pairs, ada: str) -> None:
    pairs.customer("ada-2")
    Link.objects.create(  # as an order of the second one makes it
        source=pairs.there.source, source_resource="customer", source_record="ada-2",
        target=pairs.there.target, target_resource="client", target_record=ada,
    )  # fmt: skip
    pairs.sync()
    pairs.books.edit(ada, phone="777")
    pairs.sync()
    assert (pairs.store.rows["ada"]["phone"], pairs.store.rows["ada-2"]["phone"]) == ("777", "1")
    assert pairs.back_record(ada).state == "posted"


def test_the_second_takes_over_when_the_first_has_left(pairs: Pairs, ada: str) -> None:
    pairs.customer("ada-2", phone="222")
    pairs.sync()
    pairs.customer("ada", phone="1")
    del pairs.store.rows["ada"]
    pairs.sync()
    assert pairs.there_record("ada").reason == "gone"
    pairs.customer("ada-2", phone="333")
    pairs.sync()
    assert pairs.client_of("ada-2") == ada and pairs.books.rows[ada]["phone"] == "333"


def test_the_second_takes_over_also_where_no_store_tells_that_the_first_has_left(pairs: Pairs, ada: str) -> None:
    pairs.customer("ada-2", phone="222")
    pairs.sync()
    del pairs.store.rows["ada"]
    pairs.customer("ada-2", phone="333")
    pairs.sync()
    assert pairs.there_record("ada").reason == "gone"
    assert pairs.client_of("ada-2") == ada and pairs.books.rows[ada]["phone"] == "333"
    pairs.books.edit(ada, phone="444")
    pairs.sync()
    assert pairs.store.rows["ada-2"]["phone"] == "444"


def test_only_one_takes_over(pairs: Pairs, ada: str) -> None:
    for number in (2, 3):
        pairs.customer(f"ada-{number}", phone="2")
    pairs.sync()
    del pairs.store.rows["ada"]
    for number in (2, 3):
        pairs.customer(f"ada-{number}", phone=str(number))
    pairs.sync()
    states = [pairs.there_record(f"ada-{number}").state for number in (2, 3)]
    assert states == ["posted", "skipped"] and pairs.books.rows[ada]["phone"] == "2"


def test_a_second_client_with_the_same_address_takes_nobody_s_customer(pairs: Pairs, ada: str) -> None:
    pairs.books.edit("typed-in", **{**BEGIN, "first_name": "Somebody"})
    pairs.sync()
    assert pairs.back_record("typed-in").reason == "kept_with_another"
    assert pairs.client_of("ada") == ada
    pairs.customer("ada", phone="777")
    pairs.sync()
    assert (pairs.books.rows[ada]["phone"], pairs.books.rows["typed-in"]["phone"]) == ("777", "1")


def test_whom_a_person_chooses_is_in_the_place_of_all_others(pairs: Pairs, ada: str) -> None:
    pairs.switch(pairs.there, on=False)
    pairs.customer("ada-2", email="other@example.org")
    Link.objects.create(
        source=pairs.there.source, source_resource="customer", source_record="ada-2",
        target=pairs.there.target, target_resource="client", target_record=ada,
    )  # fmt: skip
    pairs.back.counterparts.all().delete()
    pairs.there.counterparts.all().delete()
    pairs.books.edit(ada, phone="777")
    pairs.sync()
    record = pairs.back_record(ada)
    assert (record.state, record.reason) == ("held", "several_counterparts")
    assert [one["id"] for one in record.problem["candidates"]] == ["ada", "ada-2"]
    assert "ada@example.org" in record.problem["candidates"][0]["name"], "whom the hub has read it knows by name"
    decisions.link(record, "ada-2", None)
    pairs.switch(pairs.there, on=True)
    pairs.sync()
    pairs.books.edit(ada, phone="888")
    pairs.sync()
    assert pairs.store.rows["ada-2"]["phone"] == "888" and pairs.store.rows["ada"]["phone"] == "1"
    assert Link.objects.get().source_record == "ada-2"


# --- those who leave ---


def test_a_customer_who_left_is_shown_where_the_client_changes(pairs: Pairs, ada: str) -> None:
    del pairs.store.rows["ada"]
    pairs.books.edit(ada, phone="777")
    pairs.sync()
    record = pairs.back_record(ada)
    assert (record.state, record.reason) == ("held", "counterpart_left")
    assert "new one made" not in record.problem["remedy"], "nobody is made a customer"


def test_a_choice_that_was_deleted_since_is_no_choice_any_more(pairs: Pairs, ada: str) -> None:
    pairs.books.edit("chosen", **{**BEGIN, "email": "chosen@example.org"})
    pairs.customer("ada", phone="2")
    decisions.link(pairs.there_record("ada"), "chosen", None)
    pairs.sync()
    assert pairs.client_of("ada") == "chosen"
    del pairs.books.rows["chosen"]
    pairs.customer("ada", phone="3")
    pairs.sync()
    decisions.create_anyway(pairs.there_record("ada"), None)
    pairs.sync()
    assert pairs.there_record("ada").state == "posted"
    assert pairs.client_of("ada") in pairs.books.rows


# --- conflicts that are nobody's question any more ---


@pytest.fixture
def torn(pairs: Pairs, ada: str) -> Conflict:
    """About where she lives."""
    pairs.customer("ada", billing=town("Bath"))
    pairs.books.edit(ada, address=town("Ely"))
    pairs.sync()
    return Conflict.objects.get(closed_at=None)


def test_nobody_is_asked_about_a_customer_who_left(pairs: Pairs, torn: Conflict) -> None:
    pairs.customer("ada")
    del pairs.store.rows["ada"]
    pairs.sync()
    assert pairs.there_record("ada").reason == "gone"
    assert not Conflict.objects.filter(closed_at=None).exists()


def test_nobody_is_asked_about_a_customer_who_is_left_out(pairs: Pairs, torn: Conflict) -> None:
    decisions.skip(pairs.there_record("ada"), "a test account", None)
    pairs.sync()
    assert not Conflict.objects.filter(closed_at=None).exists()
    decisions.unskip(pairs.there_record("ada"), None)
    pairs.sync()
    assert Conflict.objects.get(closed_at=None).field == "address", "what clashes still is asked about anew"


def test_nobody_is_asked_about_a_client_who_was_deleted(pairs: Pairs, ada: str, torn: Conflict) -> None:
    kept = pairs.books.rows.pop(ada)
    pairs.customer("ada", phone="777")
    pairs.sync()
    assert pairs.there_record("ada").reason == "counterpart_deleted"
    assert not Conflict.objects.filter(closed_at=None).exists()
    pairs.books.rows[ada] = kept
    decisions.retry(SyncRecord.objects.filter(pk=pairs.there_record("ada").pk))
    pairs.sync()
    assert Conflict.objects.get(closed_at=None).field == "address"


# --- flows that are switched off ---


def test_while_the_judge_is_switched_off_the_other_flow_decides(pairs: Pairs, ada: str) -> None:
    pairs.switch(pairs.there, on=False)
    pairs.customer("ada", vat_number="S", first_name="Augusta")
    pairs.books.edit(ada, vat_number="B", first_name="Adele")
    pairs.sync()
    assert pairs.store.rows["ada"]["vat_number"] == "B"
    assert pairs.store.rows["ada"]["first_name"] == "Augusta"
    pairs.switch(pairs.there, on=True)
    pairs.sync()
    assert pairs.books.rows[ada]["first_name"] == "Augusta"
    assert not Conflict.objects.filter(closed_at=None).exists()


def test_what_was_edited_while_both_were_off_is_carried_over_afterwards(pairs: Pairs, ada: str) -> None:
    for flow in (pairs.there, pairs.back):
        pairs.switch(flow, on=False)
    pairs.customer("ada", phone="store")
    pairs.books.edit(ada, vat_number="books")
    pairs.sync()
    assert pairs.writes() == 0
    for flow in (pairs.there, pairs.back):
        pairs.switch(flow, on=True)
    pairs.sync()
    assert (pairs.books.rows[ada]["phone"], pairs.store.rows["ada"]["vat_number"]) == ("store", "books")
    assert pairs.writes() == 2


# --- two workers at one pair ---


def once(work: Callable[[], None]) -> Callable[[str], None]:
    """A second worker, who comes and goes while the first one waits for an answer."""
    left = [work]
    return lambda id: left.pop()() if left else None


@pytest.mark.parametrize("side", ["store", "books"])
def test_a_change_that_arrives_while_the_old_value_is_on_its_way_to_us_stays(pairs: Pairs, ada: str, side: str) -> None:
    pairs.customer("ada", vat_number="unrelated" if side == "books" else "A")
    pairs.books.edit(ada, phone="777")
    for end in (pairs.there.source, pairs.back.source):
        poll(Connection.objects.get(pk=end.pk))
    first = claim(1)
    getattr(pairs, side).meanwhile = once(pairs.work)
    for one in first:
        work_on(one)
    pairs.sync(3)
    assert pairs.store.rows["ada"]["phone"] == pairs.books.rows[ada]["phone"] == "777"
    assert not Conflict.objects.filter(closed_at=None).exists()


# --- answers that get lost ---


def test_what_the_books_have_no_room_for_stays_in_the_store_though_the_answer_was_lost(pairs: Pairs, ada: str) -> None:
    lost = ["after"]

    def trouble(moment: str) -> None:
        if moment in lost:
            lost.remove(moment)
            raise OutcomeUnknown("the answer was lost")

    pairs.books.trouble = trouble
    pairs.customer("ada", company=f"{STAR} Mill")
    pairs.sync(3)
    assert not lost
    assert (pairs.books.rows[ada]["organization"].strip(), pairs.store.rows["ada"]["company"]) == (
        "Mill",
        f"{STAR} Mill",
    )
    assert pairs.writes() == 1
    assert not Conflict.objects.exists()


# --- orders first ---


def test_orders_wait_for_no_customers(pairs: Pairs) -> None:
    for number in range(3):
        pairs.customer(f"c{number}", email=f"c{number}@example.org")
    poll(Connection.objects.get(pk=pairs.there.source_id))
    orders = Flow.objects.create(
        name="orders", source=pairs.there.source, source_resource="order", target=pairs.there.target, enabled=True,
        target_resource="invoice", steps=[], version=pairs.there.version,
    )  # fmt: skip
    make_due([orders], "1")
    assert [one.record.flow for one in claim(2)] == [orders, pairs.there]
