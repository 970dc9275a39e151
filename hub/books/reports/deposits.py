"""What payment gateways paid to the bank: each deposit as orders − refunds − fees, and what of it is not explained."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from hub.books.payouts.expenses import expenses_of
from hub.books.payouts.grouping import sums_of
from hub.books.reports.columns import Row, count, date, money, text
from hub.books.reports.paging import pages
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.models import Deposit, Posting

FEES = {
    Deposit.Fees.OFF: "no",
    Deposit.Fees.DUE: "on their way",
    Deposit.Fees.POSTED: "yes",
    Deposit.Fees.STUCK: "stuck",
}


def read(scope: Scope) -> Iterator[Row]:
    """Deposits belong to books, not to a flow: what is asked of one flow has none."""
    if scope.flow:
        return
    for target in scope.targets():
        found = Deposit.objects.filter(books=target, date__range=scope.days)
        for page in pages(found.values("pk", "date")):
            deposits = _of(found, [one["pk"] for one in page])
            expenses = expenses_of(deposits)
            for deposit in deposits:
                yield _row(target.name, deposit, expenses[deposit.pk])


def _of(found: QuerySet[Deposit], page: list[int]) -> list[Deposit]:
    return list(found.filter(pk__in=page).order_by("date", "pk"))


def _row(books: str, deposit: Deposit, expenses: list[Posting]) -> Row:
    sums, there = sums_of(deposit), [one.remote_id for one in expenses if one.state == Posting.State.DONE]
    return (
        deposit.date,
        books,
        deposit.gateway,
        deposit.payout,
        deposit.currency,
        deposit.rows,
        sums.orders,
        sums.refunds,
        sums.fees,
        sums.chargebacks,
        sums.adjustments,
        sums.not_in_rows,
        sums.deposit,
        sums.explained,
        sums.unexplained,
        deposit.unexplained_rows,
        FEES[Deposit.Fees(deposit.fees_state)],
        ", ".join(there),
    )


REPORT = Report(
    slug="deposits",
    title="Deposits",
    sentence="What each payment gateway paid to the bank, as orders − refunds − fees, and what of it is not explained.",
    columns=(
        date("date", "When it was paid; where the gateway does not say, the last day of its rows."),
        text("books", "The connection of the books whose orders it is compared with."),
        text("gateway", "Who paid."),
        text("payout", "The gateway's name for it; empty: its rows are not paid out yet."),
        text("currency", "Of the amounts in this row; ISO 4217. A payout in several currencies is a row for each."),
        count("rows", "Rows of the gateway's files."),
        money("orders", "What customers paid."),
        money("refunds", "What went back to them; positive."),
        money("fees", "What the gateway kept; positive."),
        money("chargebacks", "What was taken back by banks, negative, or won back."),
        money("adjustments", "Reserves, corrections and other transfers, signed."),
        money("not_in_rows", "What was paid and no row tells of; anything but 0 is to be looked at.", "In no row"),
        money("deposit", "orders − refunds − fees + chargebacks + adjustments + not_in_rows."),
        money("explained", "What of it has its document in the books, is a fee, or was explained by a person."),
        money("unexplained", "deposit − explained.", "Not explained"),
        count("open_rows", "Rows that are not explained yet."),
        text("fees_posted", "yes: the fees are an expense in the books; no; on their way; or stuck."),
        text("expense", "The id of that expense in the books; of several all of them.", "Expense in the books"),
    ),
    read=read,
)
