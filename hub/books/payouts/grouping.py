"""Rows and deposits: which row belongs to which payout, and what each deposit comes to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from hub.books.agreement import PLACES
from hub.books.payouts.kinds import Kind
from hub.books.payouts.layout import Layout
from hub.books.payouts.summing import Part, Sums, summed
from hub.intake.portions import portions
from hub.models import Deposit, DepositRow, PayoutFile

AMOUNTS = ("gross", "fee", "net", "explained")


def group(file: PayoutFile, layout: Layout) -> None:
    """Safe to repeat: only rows without a deposit, or of what was not paid out yet, move."""
    if layout.grouping == "next":
        _up_to_each_payout(file)
    loose = DepositRow.objects.filter(file=file, deposit=None)
    for payout, currency, last, paid_on in _groups(loose):
        deposit = _deposit(file, payout, currency, paid_on or last)
        loose.filter(payout=payout, currency=currency).update(deposit=deposit)


def touched(file: PayoutFile) -> list[int]:
    """Deposits that this file may have changed: its own, and those out of which it may have taken rows."""
    own = DepositRow.objects.filter(file=file, deposit__isnull=False).order_by().values_list("deposit", flat=True)
    waiting = Deposit.objects.filter(books=file.books, gateway=file.gateway, payout="").order_by()
    return sorted({*own.distinct(), *waiting.values_list("pk", flat=True)})


def reckon(deposits: Iterable[int]) -> None:
    """Their sums, anew from their rows. What has lost its last row is no deposit any more."""
    for some in portions(sorted(deposits)):
        with transaction.atomic():
            locked = list(Deposit.objects.select_for_update().filter(pk__in=some).order_by("pk"))
            parts = _parts(some)
            for deposit in locked:
                _note(deposit, parts[deposit.pk])
            Deposit.objects.filter(pk__in=some, rows=0, expense=None).delete()


def sums_of(deposit: Deposit) -> Sums:
    """As they were reckoned last."""
    names = ("orders", "refunds", "fees", "chargebacks", "adjustments", "stated", "explained")
    return Sums(**{name: getattr(deposit, name) for name in names})


def _groups(rows: QuerySet[DepositRow]) -> list[tuple[str, str, dt.date, dt.date | None]]:
    by = rows.order_by("payout", "currency").values_list("payout", "currency")
    return list(by.annotate(last=Max("date"), paid=Max("paid_on")))


def _deposit(file: PayoutFile, payout: str, currency: str, date: dt.date) -> Deposit:
    named = {"books": file.books, "gateway": file.gateway, "payout": payout, "currency": currency}
    made, _ = Deposit.objects.get_or_create(**named, defaults={"date": date})
    chosen = file.post_fees and bool(payout)
    Deposit.objects.filter(pk=made.pk).update(date=max(date, made.date), post_fees=chosen or made.post_fees)
    return made


def _up_to_each_payout(file: PayoutFile) -> None:
    """In the order of time, whatever the order of the file: a payout takes what came in since the one before it, also
    what a later file tells of an earlier payout."""
    rows = DepositRow.objects.filter(books=file.books, gateway=file.gateway)
    loose = rows.filter(payout="")
    first = loose.aggregate(first=Min("moment"))["first"] or ""
    for paid in rows.filter(kind=Kind.PAYOUT, moment__gte=first).order_by("moment", "id"):
        name = paid.payout or next(iter(paid.references), f"of {paid.moment}")
        before = Q(moment__lt=paid.moment) | Q(pk=paid.pk) | Q(moment=paid.moment) & ~Q(kind=Kind.PAYOUT)
        taken = loose.filter(before, currency=paid.currency)
        if taken.exists():
            taken.update(payout=name, deposit=_deposit(file, name, paid.currency, paid.date))


def _parts(deposits: Sequence[int]) -> dict[int, list[tuple[Part, int, int]]]:
    """Of each deposit its rows by kind: their sums, how many they are, and how many of them are not explained."""
    at_rest = Q(kind__in=(Kind.FEE, Kind.PAYOUT)) | Q(explained=F("gross"))
    counted = {"n": Count("pk"), "open": Count("pk", filter=~at_rest)}
    summed_up = {f"sum_{name}": Sum(name) for name in AMOUNTS}
    found: dict[int, list[tuple[Part, int, int]]] = defaultdict(list)
    rows: Any = DepositRow.objects.filter(deposit__in=deposits).order_by().values("deposit", "kind")
    for one in rows.annotate(**counted, **summed_up):
        amounts = {name: one[f"sum_{name}"].quantize(PLACES) for name in AMOUNTS}
        found[one["deposit"]].append((Part(Kind(one["kind"]), **amounts), one["n"], one["open"]))
    return found


def _note(deposit: Deposit, parts: list[tuple[Part, int, int]]) -> None:
    sums = summed(part for part, _, _ in parts)
    for name in ("orders", "refunds", "fees", "chargebacks", "adjustments", "stated", "explained"):
        setattr(deposit, name, getattr(sums, name))
    deposit.rows = sum(count for _, count, _ in parts)
    deposit.unexplained_rows = sum(open for _, _, open in parts)
    deposit.save()
