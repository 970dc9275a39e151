"""What the page of one discrepancy says: the three sides beside each other, and what can be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.admin.words import amount_of, day, moment, money
from hub.books.reconciliation.kinds import KINDS, Kind
from hub.books.reconciliation.mending import fitting
from hub.models import Discrepancy

State = Discrepancy.State
ROWS = (
    ("Document", ("number", "key", "id")),
    ("Amount", ("booked", "total")),
    ("of it tax", ("tax",)),
    ("Currency", ("currency",)),
    ("Date", ("date",)),
    ("Client", ("client", "client_id")),
    ("Note", ("note",)),
    ("State", ("state",)),
)
"""Label, and the facts that tell it, the first that a side has."""
COMPARED = ("Amount", "of it tax", "Currency", "Date")
DELETED = "deleted"
MARKED = {"number": "Document", "client": "Client", DELETED: "State"}
"""What differs → the row that shows it, where the rows are not simply compared."""
BUTTONS = {
    "post": ("Post what is missing", "It is looked for in the books first; only what is not there is made."),
    "bring_in": (
        "Bring it in",
        "It goes through the hub like any other order. What the books hold already is adopted.",
    ),
    "read_again": (
        "Read the order again",
        "The hub compares it with what it has posted. Where a person must decide, the record is held, with its buttons.",
    ),
    "credit": ("Credit the duplicate", "A credit note over the very lines of the second document takes it back."),
    "rest": (
        "Post the missing part",
        "What the books hold of the payment stays as it is; the rest is recorded beside it, as a payment of its own.",
    ),
    "put_back": (
        "Put it back",
        "A credit note over what the books hold now takes the invoice back where it stands, and the order is invoiced "
        "anew, on its own date and for its own client. Payments stay on the old invoice.",
    ),
    "adopt": ("It is this payment", "What the books hold becomes the hub's own; nothing new is made."),
    "accept": ("Accept with a reason", "It is right as it is. It stays accepted until one of the sides changes."),
}
STATES = {
    State.OPEN: ("bad", "Open"),
    State.MENDED: ("warn", "Being mended: check it again in a moment"),
    State.ACCEPTED: ("good", "Accepted"),
    State.CLOSED: ("good", "Closed: the sides agree"),
}


@dataclass(frozen=True)
class Button:
    what: str
    title: str
    explanation: str
    main: bool
    asks: bool
    """A reason has to be given."""


@dataclass(frozen=True)
class Page:
    discrepancy: Discrepancy
    kind: Kind
    colour: str
    state: str
    amount: str
    rows: list[tuple[str, list[str], bool]]
    """Label; what source, hub and books say; whether they differ."""
    candidates: list[tuple[str, str]]
    """In words, and the link to it in the books."""
    about_candidates: str
    why: str
    link: str
    buttons: list[Button]
    earlier: list[str]
    """What was said of it before it was opened again."""
    by_hand: str
    """What to do where no button mends it."""


def page(one: Discrepancy) -> Page:
    colour, state = STATES[State(one.state)]
    kind, sides = KINDS[one.kind], one.sides
    fit = fitting(one)
    return Page(
        discrepancy=one,
        kind=kind,
        colour=colour,
        state=state,
        amount=money(one.amount, one.currency),
        rows=list(_rows([sides.get(name, {}) for name in ("source", "hub", "books")], one.fields)),
        candidates=[(_candidate(found), found.get("url", "")) for found in sides.get("candidates", ())],
        about_candidates="More than the source says"
        if one.kind == "payment_over"
        else "In the books without a reference",
        why=", ".join(sides.get("reasons", ())),
        link=sides.get("books", {}).get("url", ""),
        buttons=[Button(what, *BUTTONS[what], main=what == fit[0], asks=what == "accept") for what in fit],
        earlier=[_earlier(said) for said in one.history],
        by_hand=kind.by_hand if fit == ["accept"] else "",
    )


def _rows(sides: list[Mapping[str, Any]], fields: list[str]) -> Iterator[tuple[str, list[str], bool]]:
    """Compared is what is alike: too much payment stands beside its invoice."""
    marked = {MARKED[field] for field in fields if field in MARKED}
    compared = COMPARED if len({side.get("resource") for side in sides if side}) == 1 else ()
    for label, names in ROWS:
        said = [_said(names, side) for side in sides]
        told = {text for text in said if text}
        if told:
            yield label, said, label in marked or (label in compared and len(told) > 1) or DELETED in told


def _said(names: tuple[str, ...], side: Mapping[str, Any]) -> str:
    name = next((name for name in names if side.get(name) not in (None, "")), "")
    if not name:
        return ""
    value = str(side[name])
    if name == "date":
        return day(dt.date.fromisoformat(value))
    amount = amount_of(value) if name in ("booked", "total", "tax") else None
    return value if amount is None else money(amount, str(side.get("currency", "")))


def _earlier(said: Mapping[str, str]) -> str:
    at = moment(dt.datetime.fromisoformat(said["at"])) if said["at"] else "earlier"
    return f"{said['by'] or 'Somebody'}, {at}: “{said['reason']}”"


def _candidate(found: Mapping[str, Any]) -> str:
    amount = money(amount_of(found.get("total", 0)), str(found.get("currency", "")))
    facts = (amount, found.get("date", ""), found.get("client", ""), found.get("note", ""), f"id {found.get('id')}")
    return " · ".join(str(fact) for fact in facts if fact)
