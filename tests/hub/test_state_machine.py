"""The chaos suite in the small: hypothesis sells, tells, breaks, kills and repairs in any order; nothing is ever twice,
the equation always holds, and once the trouble ends everything comes to rest in books that agree."""

from __future__ import annotations

import json
import os
from collections.abc import Container
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from connectors.models import Connection
from hub.engine import decisions
from hub.engine.claim import claim
from hub.engine.crew import work_on
from hub.engine.drain import drain
from hub.engine.probing import come_back
from hub.engine.schedule import seconds_until_due
from hub.intake.polling import try_to_poll
from hub.models import SyncRecord, WebhookRequest
from tests.hub.consent import consent
from tests.hub.dying import killed_at, time_passes
from tests.hub.hearing import at_the_door, during_the_first_call, hold_back
from tests.hub.ledger import (
    Books,
    assert_equation_holds,
    assert_nothing_twice,
    assert_one_owner_each,
    assert_posted_is_done,
    living,
    told,
    whole_agreement,
)
from tests.hub.world import World
from tests.oracle import violations

State = SyncRecord.State
KINDS = ("simple", "shipped_unpaid", "partial_refund", "gift_card", "two_rates", "on_hold", "no_email", "free", "guest")
NEXT = {
    ("unpaid", "capture"): "paid",
    ("paid", "refund"): "over",
    ("on hold", "unhold"): "new",
    ("new", "capture"): "paid",
    ("new", "cancel"): "over",
    ("unpaid", "cancel"): "taken back",
}
"""What may become of an order, where our model follows it: (it is, what happens) → it is then."""
BEGINS = {"shipped_unpaid": "unpaid", "on_hold": "on hold"}
FAULTS: tuple[dict[str, Any], ...] = (
    *({"kind": "status", "status": status} for status in (401, 500, 502, 503)),
    {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}},
    {"kind": "lost"},
    {"kind": "lost", "method": "POST"},
    {"kind": "reset"},
    {"kind": "late", "seconds": 0.02},
    {"kind": "hang", "seconds": 0.02},
)
EFFECTS = ("client", "item", "invoice", "payment", "credit_note")
PREFIXES = ("", "PX1-", "PX2-")
MOST_ROUNDS = 80
LAST_POINT = 130
"""Statements and calls of a usual run."""


class Trade(RuleBasedStateMachine):
    """Only what our model knows decides which rule may come: what the hub is at also depends on time."""

    world: ClassVar[World]

    @initialize(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
    def begin(self, kinds: list[str]) -> None:
        self.world.start_over()
        self.world.set_policy(invoice_prefix="")
        self.enable(True)
        self.orders: dict[str, str] = {}
        """Number → what our model knows of it."""
        for kind in kinds:
            self.place(kind, seed=1)
        self.poll()

    # --- the store ---

    @rule(kind=st.sampled_from(KINDS), seed=st.integers(0, 5))
    def place(self, kind: str, seed: int) -> None:
        placed = self.world.place(kind=kind, seed=seed)
        self.orders[placed["increment_id"]] = BEGINS.get(kind, "over")

    @precondition(lambda self: any(self.moves()))
    @rule(data=st.data())
    def carry_on(self, data: st.DataObject) -> None:
        self.go_on(*data.draw(st.sampled_from(self.moves())))

    def go_on(self, number: str, step: str) -> None:
        self.world.store.place({step: number})
        self.orders[number] = NEXT[self.orders[number], step]

    def moves(self) -> list[tuple[str, str]]:
        return [(number, step) for number, state in self.orders.items() for at, step in NEXT if at == state]

    # --- how the hub hears of it ---

    @precondition(lambda self: self.world.store.outbox)
    @rule(data=st.data(), times=st.integers(0, 3))
    def deliver(self, data: st.DataObject, times: int) -> None:
        queued = data.draw(st.sampled_from(range(len(self.world.store.outbox))))
        at_the_door(self.world, self.world.store.outbox.pop(queued), times)

    @rule()
    def poll(self) -> None:
        """It may fail, as it does for a worker; the next one goes on from there."""
        try_to_poll(self.world.source)

    # --- work, and how it goes wrong ---

    @rule()
    def work(self) -> None:
        drain(threads=1)

    @rule()
    def try_one_record(self) -> None:
        for claimed in claim(1):
            work_on(claimed)

    @precondition(lambda self: any(self.moves()))
    @rule(data=st.data(), side=st.sampled_from(["store", "books"]))
    def change_an_order_during_the_work(self, data: st.DataObject, side: str) -> None:
        """And tell of it at once, and of everything that was not yet told."""
        left = [data.draw(st.sampled_from(self.moves()))]

        def change() -> None:
            self.go_on(*left.pop())
            while self.world.store.outbox:
                at_the_door(self.world, self.world.store.outbox.pop())

        with during_the_first_call(getattr(self.world, side).url, change):
            drain(threads=1)
        if left:
            change()

    @rule(resource=st.sampled_from(EFFECTS), kind=st.sampled_from(["lost", "reset"]), times=st.integers(1, 3))
    def lose_an_answer(self, resource: str, kind: str, times: int) -> None:
        self.world.fault(kind=kind, method="POST", path=resource, times=times)
        drain(threads=1)

    @rule(point=st.integers(1, LAST_POINT))
    def kill_a_worker(self, point: int) -> None:
        killed_at(point, lambda: drain(threads=1))

    @rule(side=st.sampled_from(["store", "books"]), fault=st.sampled_from(FAULTS), times=st.integers(1, 2))
    def break_next_calls(self, side: str, fault: dict[str, Any], times: int) -> None:
        self.world.fault(on=side, **fault, times=times)

    @rule()
    def wait(self) -> None:
        time_passes()

    # --- people ---

    @rule()
    def retry_everything(self) -> None:
        decisions.retry(SyncRecord.objects.all())

    @rule(way=st.sampled_from(["fix", "skip"]))
    def see_to_bad_orders(self, way: str) -> None:
        for record in SyncRecord.objects.filter(state=State.HELD, reason="no_email"):
            if way == "fix":
                decisions.fix(record, {"email": f"found-{record.number}@example.com"}, None)
            else:
                decisions.skip(record, "a test order of ours", None)

    @rule()
    def log_in(self) -> None:
        for connection in Connection.objects.filter(state=Connection.State.NEEDS_LOGIN):
            if connection.connector_class.offers("authorize_url"):
                consent(connection, self.world.books)
            else:
                come_back(connection)

    @rule(on=st.booleans())
    def enable(self, on: bool) -> None:
        type(self.world.flow).objects.filter(pk=self.world.flow.pk).update(enabled=on)

    @rule(prefix=st.sampled_from(PREFIXES))
    def change_the_prefix(self, prefix: str) -> None:
        self.world.flow.refresh_from_db()
        self.world.set_policy(invoice_prefix=prefix)

    # --- what must hold after each of them ---

    @invariant()
    def nothing_is_in_the_books_twice(self) -> None:
        assert_nothing_twice(self.world)

    @invariant()
    def no_record_has_two_owners(self) -> None:
        assert_one_owner_each()

    @invariant()
    def the_equation_holds(self) -> None:
        assert_equation_holds()

    @invariant()
    def what_is_posted_is_done(self) -> None:
        assert_posted_is_done()

    # --- the end ---

    def teardown(self) -> None:
        """The trouble is over, and every change is told at last."""
        self.world.store.faults, self.world.books.faults = [], []
        self.enable(True)
        self._come_to_rest()
        self.poll()
        self._come_to_rest()
        self._see_to_poison()
        assert_nothing_twice(self.world)
        assert not SyncRecord.objects.filter(state=State.FAILED).exists(), told()
        assert Connection.objects.filter(state=Connection.State.OK).count() == 2
        self._compare()
        found = whole_agreement()
        assert found.agree, found.told()

    def _come_to_rest(self) -> None:
        for _ in range(MOST_ROUNDS):
            time_passes()
            drain(threads=1)
            self.log_in()
            if seconds_until_due() is None and not WebhookRequest.objects.filter(state="stored").exists():
                return
        raise AssertionError(f"it does not come to rest: {told()}")

    def _see_to_poison(self) -> None:
        """Killed too often to be innocent: a person has another try."""
        decisions.retry(SyncRecord.objects.filter(cause="poison"))
        self._come_to_rest()

    def _compare(self) -> None:
        """With what the store itself says of each order, and a person of some."""
        rows = {row["increment_id"]: row for row in self.world.store.expectations()}
        records = {record.number: record for record in SyncRecord.objects.all()}
        assert set(rows) == set(records) == set(self.orders)
        for number, record in records.items():
            if record.decision.get("skip"):
                rows[number] |= {"expected": "skipped:by_hand"}
            elif self.orders[number] == "taken back" and record.state == State.POSTED:
                self._compare_undone(rows.pop(number))
            elif record.fixes:
                self._compare_by_hand(rows.pop(number))
        assert violations(rows.values(), self._books_of(rows)) == []

    def _compare_undone(self, row: dict[str, Any]) -> None:
        """An order that was taken back too late stands in the books, credited whole."""
        books = living(self.world)
        [invoice] = [one for one in books["invoices"] if one["po_number"] == row["increment_id"]]
        cancellation = f"{invoice['invoice_number']}-C1"
        [credit] = [one for one in books["credit_notes"] if one["credit_number"] == cancellation]
        assert credit["amount"]["amount"] == invoice["amount"]["amount"] == row["total"]
        assert not [one for one in books["payments"] if one["invoiceid"] == invoice["id"]]

    def _compare_by_hand(self, row: dict[str, Any]) -> None:
        """A mended order is paid in full."""
        [invoice] = [one for one in living(self.world)["invoices"] if one["po_number"] == row["increment_id"]]
        assert invoice["amount"]["amount"] == row["total"]
        assert invoice["outstanding"]["amount"] == "0.00"

    def _books_of(self, numbers: Container[str]) -> Books:
        """The invoices of these orders, whatever prefix the flow had at the time."""
        text = json.dumps(living(self.world))
        for prefix in filter(None, PREFIXES):
            text = text.replace(prefix, "")
        books: Books = json.loads(text)
        return books | {"invoices": [one for one in books["invoices"] if one["po_number"] in numbers]}


def _run(world: World, **how: Any) -> None:
    """A failure prints the shortest story that leads to it."""
    hold_back(world)
    world.books.switch["rate_window"] = 0
    Trade.world = world
    phases = [phase for phase in Phase if phase is not Phase.explain]
    common = settings(deadline=None, suppress_health_check=list(HealthCheck), phases=phases, print_blob=True)
    run_state_machine_as_test(Trade, settings=settings(common, **how))


def test_whatever_happens_in_whatever_order_the_books_agree(world: World) -> None:
    _run(world, max_examples=10, stateful_step_count=25, derandomize=True)


@pytest.mark.chaos
@pytest.mark.skipif("CHAOS_SEEDS" not in os.environ, reason="ten minutes: `make chaos` plays it")
def test_whatever_happens_for_long(world: World) -> None:
    """The same stories each time in CI, others each time at home."""
    _run(world, max_examples=50, stateful_step_count=60, derandomize="CI" in os.environ)
