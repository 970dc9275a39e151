"""One account's books: its tables, its switches, and whom to tell of changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from connectors.freshbooks.sandbox import clock
from connectors.freshbooks.sandbox.money import Cents
from connectors.freshbooks.sandbox.tables import Row, Table

ACCOUNT_ID = "Qm7xK2"
BUSINESS_ID = 14700210
BUSINESS_UUID = "5f0c2c1e-7a41-4c57-9d0b-2f6f3a8e9b10"
CURRENCY, COUNTRY = "USD", "United States"
Announce = Callable[[str, str, int], None]
"""Takes noun, verb and id."""


class Account:
    def __init__(self, switch: Mapping[str, Any], announce: Announce) -> None:
        self.switch = switch
        self.announce = announce
        self._turns: Counter[str] = Counter()
        self.tables = {
            "clients": Table(567501, email=lambda row: row["email"].lower(), username=lambda row: row["username"]),
            "invoices": Table(453801, invoice_number=_field("invoice_number"), customerid=_field("customerid")),
            "payments": Table(312001, invoiceid=_field("invoiceid"), creditid=_field("creditid")),
            "credit_notes": Table(88401, clientid=_field("clientid")),
            "items": Table(4301, sku=_field("sku")),
            "taxes": Table(7801, name=_field("name")),
            "expenses": Table(23401),
            "other_incomes": Table(61201),
        }

    def cents(self, currency: str) -> Cents:
        return Cents(currency, self.switch)

    def turn(self, name: str) -> int:
        """Counts from one: documents that nobody numbered are numbered so."""
        self._turns[name] += 1
        return self._turns[name]

    def save(self, plural: str, row: Row) -> Row:
        """Every save moves `updated`."""
        moment = clock.now()
        row["updated"] = clock.eastern(moment)
        if "version" in row:
            row["version"] = clock.version(moment)
        return self.tables[plural].save(row)


def _field(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]
