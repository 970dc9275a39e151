"""What the page of one deposit says: the sum to the cent, where each number comes from, and what is still to explain."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Abs
from django.urls import reverse

from hub.admin.words import count, day, figure, money
from hub.books.agreement import PLACES
from hub.books.payouts import fees
from hub.books.payouts.expenses import expenses_of
from hub.books.payouts.grouping import sums_of
from hub.books.payouts.kinds import Kind
from hub.books.payouts.summing import Sums
from hub.books.payouts.whole import is_whole
from hub.models import Deposit, DepositMatch, DepositRow, Posting

SHOWN = 50
"""Rows to explain that the page lists; the list holds all of them."""
SIDES = (
    ("Orders", "", "orders", {"kind": Kind.CHARGE}),
    ("Refunds", "−", "refunds", {"kind": Kind.REFUND}),
    ("Fees", "−", "fees", {"of": "fees"}),
    ("Chargebacks", "+", "chargebacks", {"kind": Kind.CHARGEBACK}),
    ("Adjustments", "+", "adjustments", {"kind": Kind.ADJUSTMENT}),
)
WAITS = (
    "They are posted as soon as a later payout is known: until then, rows of this one may be missing. If you know that "
    "none is, post them now."
)
ALWAYS = ("orders", "refunds", "fees")


@dataclass(frozen=True)
class Term:
    """One number of the equation. `link` lists its rows."""

    label: str
    sign: str
    amount: str
    link: str


@dataclass(frozen=True)
class Open:
    row: DepositRow
    amount: str
    missing: str
    matches: list[DepositMatch]


@dataclass(frozen=True)
class Page:
    deposit: Deposit
    colour: str
    headline: str
    sentence: str
    terms: list[Term]
    total: str
    not_in_rows: str
    open: list[Open]
    more: int
    decided: list[DepositRow]
    """What a person has said; they may take it back."""
    siblings: list[Deposit]
    fees: str
    expenses: list[Posting]
    fees_bad: bool
    fees_button: str


def page(deposit: Deposit) -> Page:
    sums, currency = sums_of(deposit), deposit.currency
    colour, headline, sentence = _verdict(deposit, sums)
    rows = open_rows(deposit)
    found = list(rows.prefetch_related("matches__posting__record")[:SHOWN])
    others = Deposit.objects.filter(books=deposit.books, gateway=deposit.gateway, payout=deposit.payout)
    return Page(
        deposit=deposit,
        colour=colour,
        headline=headline,
        sentence=sentence,
        terms=[_term(deposit, sums, *side) for side in SIDES if side[2] in ALWAYS or getattr(sums, side[2])],
        total=figure(sums.deposit, currency),
        not_in_rows=money(sums.not_in_rows, currency) if sums.not_in_rows else "",
        open=[_open(row) for row in found],
        more=max(deposit.unexplained_rows - len(found), 0),
        decided=list(DepositRow.objects.filter(deposit=deposit).exclude(decided_by="").order_by("pk")[:SHOWN]),
        siblings=list(others.exclude(pk=deposit.pk).order_by("currency")),
        fees=_fees(deposit),
        expenses=expenses_of([deposit])[deposit.pk],
        fees_bad=deposit.fees_state == Deposit.Fees.STUCK or fees.differs(deposit),
        fees_button=_fees_button(deposit),
    )


def open_rows(deposit: Deposit) -> QuerySet[DepositRow]:
    """Those that no document and no person explains, in the order of their files."""
    resting = (Kind.FEE, Kind.PAYOUT)
    rows = DepositRow.objects.filter(deposit=deposit).exclude(kind__in=resting).exclude(explained=F("gross"))
    return rows.select_related("record").order_by("pk")


def rows_link(deposit: Deposit, **query: str) -> str:
    return f"{reverse('admin:hub_depositrow_changelist')}?{urlencode({'deposit': deposit.pk, **query})}"


def _verdict(deposit: Deposit, sums: Sums) -> tuple[str, str, str]:
    if not deposit.payout:
        return "plain", "Not paid out yet", "Rows that no payout holds so far. A later file of the gateway tells."
    paid = f"{deposit.gateway.capitalize()} paid {money(sums.deposit, deposit.currency)} on {day(deposit.date)}"
    if not sums.unexplained and not deposit.unexplained_rows and not sums.not_in_rows:
        return "good", "Explained to the cent", f"{paid}, and every row has its document in the books."
    lacks = [_worth(deposit)] if deposit.unexplained_rows else []
    lacks += [f"{money(abs(sums.not_in_rows), deposit.currency)} in no row"] if sums.not_in_rows else []
    return "bad", " and ".join(lacks), f"{paid}. What explains it is below, or has to be said."


def _worth(deposit: Deposit) -> str:
    """Refunds and charges do not make up for each other here."""
    missing = open_rows(deposit).order_by().aggregate(worth=Sum(Abs(F("gross") - F("explained"))))["worth"]
    worth = money((missing or Decimal(0)).quantize(PLACES), deposit.currency)
    return f"{count(deposit.unexplained_rows, 'row')} to explain, worth {worth}"


def _term(deposit: Deposit, sums: Sums, label: str, sign: str, name: str, query: dict[str, str]) -> Term:
    amount: Decimal = getattr(sums, name)
    if sign == "+" and amount < 0:
        sign, amount = "−", -amount
    return Term(label, sign, figure(amount, deposit.currency), rows_link(deposit, **query))


def _open(row: DepositRow) -> Open:
    suggested = [one for one in row.matches.all() if not one.accepted]
    missing = row.gross - row.explained
    return Open(
        row=row,
        amount=money(row.gross, row.currency),
        missing=money(missing, row.currency) if row.explained else "",
        matches=sorted(suggested, key=lambda one: -one.confidence),
    )


def _fees(deposit: Deposit) -> str:
    """What became of them in the books."""
    match deposit.fees_state:
        case Deposit.Fees.POSTED:
            return _fees_differ(deposit) if fees.differs(deposit) else "They are in the books."
        case Deposit.Fees.DUE:
            return deposit.fees_problem or "They are on their way to the books."
        case Deposit.Fees.STUCK:
            return f"They could not be posted: {deposit.fees_problem}"
    if deposit.post_fees and not is_whole(deposit):
        return WAITS if deposit.stated is None else "They are posted as soon as the rows make up what was paid."
    if not fees.can_be_posted(deposit.books):
        return "They are not posted: the connection of the books does not say under which category."
    return "They are not posted."


def _fees_differ(deposit: Deposit) -> str:
    there, all_of_them = (money(one, deposit.currency) for one in (fees.posted(deposit), deposit.fees))
    holds = f"The books hold {there} of them, and they are {all_of_them} now"
    if _lacks(deposit):
        return f"{holds}: another file told of more. The rest becomes one more expense as soon as the payout is whole."
    return f"{holds}. Correct the expense in the books, then look again."


def _lacks(deposit: Deposit) -> bool:
    return fees.differs(deposit) and fees.posted(deposit) < deposit.fees


def _fees_button(deposit: Deposit) -> str:
    """What a person may do about them now; "" where nothing is to be done."""
    if not deposit.payout or deposit.fees_state == Deposit.Fees.DUE or not fees.can_be_posted(deposit.books):
        return ""
    if deposit.fees_state == Deposit.Fees.OFF:
        return "Post the fees as one expense" if deposit.fees > 0 else ""
    if deposit.fees_state == Deposit.Fees.STUCK:
        return "Try again"
    return "Post the rest now" if _lacks(deposit) else "Look in the books again"
