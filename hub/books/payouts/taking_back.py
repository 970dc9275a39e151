"""A file that was read wrongly is taken back: its rows go, with what they explained and the deposits that are left without
any. What other files tell as well stays with these, and so does every expense in the books."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from hub.books.payouts.arriving import State
from hub.books.payouts.expenses import are_there, expenses_of
from hub.books.payouts.grouping import group, reckon
from hub.books.payouts.layout import Layout, signature
from hub.engine import clock
from hub.intake.portions import portions
from hub.models import Deposit, DepositMatch, DepositRow, DepositSighting, PayoutFile, PayoutLayout

Fees = Deposit.Fees
THERE = (State.RUNNING, State.DONE)
"""Files of which something may have been taken in."""


class CannotTakeBack(ValueError):
    """The sentence says why, and what to do first."""


@dataclass(frozen=True)
class Consequences:
    """`rows` go, of which `decided` were explained by a person; `shared` stand in other files too, and stay. `emptied` go
    with them, `kept` hold other files' rows as well, and `posted` have expenses in the books."""

    rows: int
    decided: int
    matches: int
    shared: int
    emptied: list[Deposit]
    kept: list[Deposit]
    posted: list[Deposit]


def consequences(file: PayoutFile) -> Consequences:
    rows = DepositRow.objects.filter(file=file)
    shared = _shared(file)
    deposits = list(_deposits(file).order_by("date", "pk"))
    mine = dict(rows.exclude(pk__in=shared).order_by().values_list("deposit").annotate(Count("pk")))
    return Consequences(
        rows=rows.exclude(pk__in=shared).count(),
        decided=rows.exclude(pk__in=shared).exclude(decided_by="").count(),
        matches=DepositMatch.objects.filter(row__in=rows.exclude(pk__in=shared), accepted=True).count(),
        shared=shared.count(),
        emptied=[one for one in deposits if mine.get(one.pk, 0) == one.rows],
        kept=[one for one in deposits if mine.get(one.pk, 0) != one.rows],
        posted=_with_expenses(deposits),
    )


def take_back(file: PayoutFile, by: Any, reason: str) -> None:
    """Afterwards the same file can be taken in anew, and is asked about anew. Raises CannotTakeBack, and then nothing has
    changed."""
    if not reason.strip():
        raise CannotTakeBack("Say why it is taken back: whoever looks at the file later will ask.")
    with transaction.atomic():
        _mark(file, str(by)[:150], reason.strip()[:300])
        deposits = list(_deposits(file).select_for_update().order_by("pk"))
        _require_no_expense(deposits)
        touched = [one.pk for one in deposits]
        no_fees: Any = {"fees_state": Fees.OFF, "fees_problem": "", "expense": None, "in_books": 0, "next_at": None}
        Deposit.objects.filter(pk__in=touched).update(**no_fees)
        rows = _locked_rows(file)
        loose = _hand_over(file)
        _remove(file, rows)
        touched += _put_together(loose | _of_lost_payouts(touched))
        _dress_anew(touched)
        reckon(touched)
        _doubt(file)
        file.blocks.all().delete()
    file.refresh_from_db()


def _mark(file: PayoutFile, by: str, reason: str) -> None:
    """Whoever is at work on it loses its turn."""
    said = {"taken_back_at": clock.now(), "taken_back_by": by, "taken_back_because": reason}
    there = PayoutFile.objects.filter(pk=file.pk, state__in=THERE)
    if not there.update(state=State.TAKEN_BACK, next_at=None, problem="", **said):
        raise CannotTakeBack("Nothing of this file is taken in. Look at it again.")


def _deposits(file: PayoutFile) -> QuerySet[Deposit]:
    own = DepositRow.objects.filter(file=file, deposit__isnull=False).order_by()
    return Deposit.objects.filter(pk__in=own.values("deposit"))


def _require_no_expense(deposits: list[Deposit]) -> None:
    """What is on its way shows in the journal before its call is made, and each call waits for the deposits' lock."""
    posted = _with_expenses(deposits)
    if posted:
        names = ", ".join(one.payout for one in posted[:5]) + (" and others" if len(posted) > 5 else "")
        raise CannotTakeBack(
            f"The fees of {names} are in the books, or on their way. Delete these expenses in the books, let the hub "
            "look there again (on the page of the deposit, or of taking back), and take the file back then."
        )


def _with_expenses(deposits: list[Deposit]) -> list[Deposit]:
    expenses = expenses_of(deposits)
    return [one for one in deposits if are_there(expenses[one.pk])]


def _shared(file: PayoutFile) -> QuerySet[DepositRow]:
    """Rows of it that another file holds as well."""
    others = DepositSighting.objects.filter(row__file=file, file__state__in=THERE).exclude(file=file)
    return DepositRow.objects.filter(pk__in=others.order_by().values("row"))


def _hand_over(file: PayoutFile) -> set[int]:
    """Rows that another file holds, too, are the newest one's from now on. Returns the files that must find deposits for
    rows which this one alone said to be paid out."""
    loose = set()
    held = DepositSighting.objects.filter(row__file=file, file__state__in=THERE).select_related("row")
    for some in portions(list(held.order_by("row", "file").values_list("pk", flat=True))):
        heirs = {one.row_id: one for one in held.filter(pk__in=some).order_by("file")}
        for one in heirs.values():
            one.row.file_id, one.row.line = one.file_id, one.line
            if one.file_id < file.pk:
                one.row.payout, one.row.paid_on, one.row.deposit = "", None, None
                loose.add(one.file_id)
        changed = ["file", "line", "payout", "paid_on", "deposit"]
        DepositRow.objects.bulk_update([one.row for one in heirs.values()], changed)
        DepositSighting.objects.filter(pk__in=[one.pk for one in heirs.values()]).delete()
    return loose


def _locked_rows(file: PayoutFile) -> list[int]:
    """From here on no other file that is being taken in finds them."""
    rows = DepositRow.objects.filter(file=file).select_for_update(of=("self",))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _remove(file: PayoutFile, rows: list[int]) -> None:
    """But for those that are another file's by now."""
    DepositSighting.objects.filter(file=file).delete()
    for some in portions(rows):
        DepositRow.objects.filter(pk__in=some, file=file).delete()


def _of_lost_payouts(deposits: Iterable[int]) -> set[int]:
    """Rows that belonged to a payout only because it came next: it may be gone."""
    rows = DepositRow.objects.filter(deposit__in=deposits, file__layout__grouping="next")
    files = set(rows.order_by().values_list("file", flat=True).distinct())
    rows.update(payout="", deposit=None)
    return files


def _put_together(files: set[int]) -> list[int]:
    """Returns the deposits that these files' rows are in."""
    found: set[int] = set()
    for other in PayoutFile.objects.filter(pk__in=files).select_related("books").order_by("pk"):
        group(other, Layout.model_validate(other.layout))
        found |= set(_deposits(other).values_list("pk", flat=True))
    return sorted(found)


def _dress_anew(deposits: list[int]) -> None:
    """Days may have been among what was read wrongly, and another file may not have asked for the fees."""
    left = Deposit.objects.filter(pk__in=deposits)
    left.exclude(deposit_rows__file__post_fees=True).update(post_fees=False)
    rows = DepositRow.objects.filter(deposit__in=deposits).order_by().values_list("deposit")
    for pk, paid_on, last in rows.annotate(Max("paid_on"), Max("date")):
        Deposit.objects.filter(pk=pk).update(date=paid_on or last)


def _doubt(file: PayoutFile) -> None:
    """The next file of its shape waits for a person."""
    heads = Layout.model_validate(file.layout).heads
    named: Any = {"books": file.books, "signature": signature(heads)}
    PayoutLayout.objects.update_or_create(**named, defaults={"gateway": file.gateway, "answers": {}, "doubted": True})
