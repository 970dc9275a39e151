"""What stores do about orders that are in the books already: amend, cancel or capture what nobody has paid yet, and give
money back for what was paid while nobody listens to them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox import Sandbox
from hub.models import SyncRecord

AMENDED, CANCELED, PAID = 0.3, 0.1, 0.2
"""How often on each day, and what becomes of an order that is booked and not paid. Nobody listening, it is certain."""
GOES_ON = "order"
"""What a store calls an order whose life is not over."""
MONEY = ("expected_payments", "expected_tenders", "expected_refunds")
Row = Mapping[str, Any]


@dataclass
class SecondThoughts:
    """`going_on` are the orders, by store and number, that the store itself carries on; `amended` and `canceled` the
    numbers of the invoices whose orders changed after they were booked; `unheard` those changed while nobody listened,
    with the day of the change."""

    dice: random.Random
    prefixes: Mapping[str, str]
    going_on: set[tuple[str, str]] = field(default_factory=set)
    amended: set[str] = field(default_factory=set)
    canceled: set[str] = field(default_factory=set)
    unheard: dict[str, dt.date] = field(default_factory=dict)

    def have(self, name: str, store: Sandbox, day: dt.date, *, unheard: bool) -> None:
        """About orders of earlier days. What was changed while nobody listened is left alone then."""
        booked = list(self._booked(name, store))
        for order in booked:
            number = order["increment_id"]
            invoice = self.prefixes[name] + number
            if any(order[money] for money in MONEY) or invoice in self.unheard:
                continue
            fate = self.dice.random() * (AMENDED + CANCELED if unheard else 1)
            if self._edited(name, store, number, invoice, fate) and unheard:
                self.unheard[invoice] = day
        if unheard:
            self._give_back(name, store, booked)

    def _booked(self, name: str, store: Sandbox) -> Iterator[Row]:
        """Those that the hub has posted, and the store has done with."""
        posted = SyncRecord.objects.filter(state="posted", flow__source__name=name)
        numbers = set(posted.values_list("number", flat=True)) - {one for at, one in self.going_on if at == name}
        return (
            order
            for order in store.expectations()
            if order["expected"] == "posted" and order["increment_id"] in numbers
        )

    def _edited(self, name: str, store: Sandbox, number: str, invoice: str, fate: float) -> bool:
        """Or left alone, or paid: then the store carries it on."""
        if fate < AMENDED and invoice not in self.amended:
            store.place({"amend": number})
            self.amended.add(invoice)
            return True
        if AMENDED <= fate < AMENDED + CANCELED:
            store.place({"cancel": number})
            self.canceled.add(invoice)
            return True
        if AMENDED + CANCELED <= fate < AMENDED + CANCELED + PAID:
            store.place({"capture": number})
            self.going_on.add((name, number))
        return False

    def _give_back(self, name: str, store: Sandbox, booked: list[Row]) -> None:
        """All that was paid for one of them."""
        paid = [
            order["increment_id"]
            for order in booked
            if order["expected_payments"]
            and not (order["expected_tenders"] or order["expected_refunds"])
            and not order["expected_findings"]
            and self.prefixes[name] + order["increment_id"] not in self.amended
        ]
        if paid:
            number = self.dice.choice(paid)
            store.place({"refund": number})
            self.going_on.add((name, number))
