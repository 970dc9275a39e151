"""What the hub has posted for one client of the books, and what of that is open: owed on invoices, unapplied on credit
notes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from connectors.documents import ZERO
from hub.accounting.parts import APPLIED
from hub.models import Posting

THERE = (Posting.State.CREATED, Posting.State.DONE)
IS_APPLIED = Q(part__startswith=APPLIED)


@dataclass(frozen=True)
class Account:
    """Sums in one currency. `applied` was taken from credit notes to pay invoices; no money moved."""

    currency: str
    invoiced: Decimal = ZERO
    paid: Decimal = ZERO
    credited: Decimal = ZERO
    applied: Decimal = ZERO

    @property
    def owed(self) -> Decimal:
        return self.invoiced - self.paid - self.applied

    @property
    def unapplied(self) -> Decimal:
        return self.credited - self.applied


def documents(client: Posting) -> QuerySet[Posting]:
    """Invoices and credit notes that stand in the books, the newest first."""
    billed = Posting.objects.filter(target=client.target_id, billed_to=client.remote_id, state__in=THERE)
    return billed.exclude(billed_to="").order_by("-id")


def payments(client: Posting) -> QuerySet[Posting]:
    """On the client's invoices, the newest first."""
    orders = documents(client).order_by().values("record")
    paid = Posting.objects.filter(record__in=orders, target=client.target_id, resource="payment", state__in=THERE)
    return paid.order_by("-id")


def accounts(client: Posting) -> list[Account]:
    """One for each currency that anything of this client is in."""
    billed, paid = documents(client), payments(client)
    sums: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for name, rows in (
        ("invoiced", billed.exclude(resource="credit_note")),
        ("credited", billed.filter(resource="credit_note")),
        ("paid", paid.exclude(IS_APPLIED)),
        ("applied", paid.filter(IS_APPLIED)),
    ):
        for currency, amount in _by_currency(rows):
            sums[currency][name] = amount
    return [Account(currency, **sums[currency]) for currency in sorted(sums)]


def _by_currency(rows: QuerySet[Posting]) -> list[tuple[str, Decimal]]:
    held = rows.order_by().annotate(held=Coalesce("booked", "total", ZERO))
    return list(held.values_list("currency").annotate(amount=Sum("held")))
