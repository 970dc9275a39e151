"""The books hide from our login what they count. Nobody but a person can look, and what that person says is done."""

from __future__ import annotations

from hub.engine import decisions
from hub.models import Flow, Posting
from tests.hub.edited_orders import place
from tests.hub.hands import offered, settled, try_again
from tests.hub.test_what_a_person_decides import agree
from tests.hub.world import World

HIDDEN = {"page": 1, "pages": 1, "per_page": 100, "total": 16}


def hide(world: World, rows: str) -> None:
    body = {"response": {"result": {rows: [], **HIDDEN}}}
    world.fault(kind="status", status=200, method="GET", path=f"{rows}/{rows}$", times=-1, body=body)


def look_first(world: World) -> None:
    world.flow.look_first = True
    world.flow.save()


def test_what_is_in_doubt_is_posted_as_soon_as_a_person_has_looked(world: World) -> None:
    Flow.objects.update(look_before=None)
    hide(world, "invoices")
    world.fault(kind="reset", method="POST", path="invoice")
    world.place(kind="shipped_unpaid", lines={"a": 100})
    world.sync()
    assert settled(world) == ("held", "cannot_look")
    assert offered(world) == {"link", "create"}
    decisions.create_anyway(world.record(), None)
    assert settled(world) == ("posted", "")
    assert len(world.invoices) == 1
    assert agree(world)


def test_what_is_looked_for_first_is_asked_about_and_not_made(world: World) -> None:
    look_first(world)
    hide(world, "invoices")
    world.place(kind="shipped_unpaid", lines={"a": 100})
    world.sync()
    assert settled(world) == ("held", "cannot_look")
    assert world.record().problem["ours"]["lines"][0]["name"] == "a"
    assert offered(world) == {"link", "create", "skip"}
    decisions.create_anyway(world.record(), None)
    assert settled(world) == ("posted", "")
    assert len(world.invoices) == 1


def test_a_number_that_hidden_books_refuse_is_asked_about(world: World) -> None:
    order = world.place(kind="shipped_unpaid", lines={"a": 100})
    client = world.books.place({"client": {"email": "somebody@example.com"}})
    line = {"name": "By hand", "qty": "1", "unit_cost": {"amount": "5.00", "code": "USD"}}
    world.books.place({"invoice": {"customerid": client["id"], "invoice_number": world.number(order), "lines": [line]}})
    hide(world, "invoices")
    world.sync()
    assert settled(world) == ("held", "cannot_look")
    decisions.create_anyway(world.record(), None)
    assert settled(world) == ("held", "number_taken")
    assert offered(world) == {"link", "number", "skip"}
    decisions.use_number(world.record(), "X-1", None)
    assert settled(world) == ("held", "cannot_look")
    decisions.create_anyway(world.record(), None)
    assert settled(world) == ("posted", "")


def test_a_payment_among_hidden_ones_is_posted_or_left_out(world: World) -> None:
    order = place(world, {"a": 100})
    hide(world, "payments")
    world.place(capture=world.number(order))
    world.sync()
    assert settled(world) == ("held", "cannot_look")
    assert offered(world) == {"link", "create", "leave_out"}
    decisions.create_anyway(world.record(), None)
    assert settled(world) == ("posted", "")
    assert len(world.payments) == 1


def test_a_payment_in_doubt_among_hidden_ones_is_left_out(world: World) -> None:
    hide(world, "payments")
    world.fault(kind="reset", method="POST", path="payment")
    world.place(kind="simple")
    world.sync()
    assert settled(world) == ("held", "cannot_look")
    decisions.leave_out(world.record(), "it is not there, and was paid in cash", None)
    assert settled(world) == ("posted", "")
    assert Posting.objects.get(resource="payment").state == "intended"
    assert agree(world)


def test_everything_goes_on_by_itself_when_the_books_show_all(world: World) -> None:
    look_first(world)
    hide(world, "invoices")
    world.place(kind="shipped_unpaid", lines={"a": 100})
    world.sync()
    world.books.faults.clear()
    assert try_again(world) == ("posted", "")
