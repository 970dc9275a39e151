"""Gift cards: what was outstanding, what was sold and redeemed, and what is outstanding now."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, Sum

from hub.books.reports.columns import Row, date, money, text
from hub.books.reports.documents import CREDIT_NOTE
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.models import Posting


def read(scope: Scope) -> Iterator[Row]:
    """Every earlier gift card counts, so that there is an index of nothing else to add them up from."""
    for target in scope.targets():
        moves = Posting.objects.filter(
            target=target, gift_cards__isnull=False, state=Posting.State.DONE, date__lte=scope.end
        )
        if scope.flow:
            moves = moves.filter(record__flow=scope.flow)
        for one in _sums(moves, scope):
            opening, sold, back, redeemed = (
                one[name] or Decimal(0) for name in ("opening", "sold", "back", "redeemed")
            )
            closing = opening + sold + back + redeemed
            yield target.name, one["currency"], one["since"], opening, sold, -back, -redeemed, closing


def _sums(moves: Any, scope: Scope) -> Any:
    now = Q(date__gte=scope.start)
    return (
        moves.order_by("currency")
        .values("currency")
        .annotate(
            since=Min("date"),
            opening=Sum("gift_cards", filter=~now),
            sold=Sum("gift_cards", filter=now & Q(resource="invoice")),
            back=Sum("gift_cards", filter=now & Q(resource=CREDIT_NOTE)),
            redeemed=Sum("gift_cards", filter=now & Q(resource="payment")),
        )
    )


REPORT = Report(
    slug="gift-cards",
    title="Gift-card roll-forward",
    sentence="What customers still hold in gift cards, as far as it came through this hub: cards sold or redeemed "
    "elsewhere, or before the hub knew of them, are not in it.",
    columns=(
        text("books", "The connection of the books."),
        text("currency", "Of the amounts in this row; ISO 4217."),
        date("known_since", "The day of the first gift card that the hub posted here: nothing before it is counted."),
        money("opening", "Outstanding before the first day: sold − taken back − redeemed since known_since."),
        money("sold", "Gift cards on invoices of these days, net."),
        money("taken_back", "Gift cards on credit notes of these days, net."),
        money("redeemed", "Paid with gift cards on these days."),
        money("closing", "opening + sold − taken_back − redeemed."),
    ),
    read=read,
)
