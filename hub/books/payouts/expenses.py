"""The expenses that a deposit's fees have become in the books: the first, and one more for what later files told of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal

from connectors.documents import Expense
from connectors.models import Connection
from hub.accounting.amounts import in_minor_units
from hub.accounting.dates import Calendar
from hub.engine import apart
from hub.errors import Held
from hub.intake.portions import portions
from hub.models import Deposit, Posting

EXPENSE = "expense"
State = Posting.State
ZERO = Decimal(0)


class Deleted(Held):
    """Somebody has deleted `gone` in the books, which were done; `left` are the others."""

    def __init__(self, gone: list[Posting], left: list[Posting]) -> None:
        super().__init__(
            "deleted_in_books",
            f"Somebody deleted {' and '.join(map(str, gone))} in the books",
            remedy="If the fees are to be there all the same, try again: they are posted once more.",
        )
        self.gone, self.left = gone, left


def expenses_of(deposits: Sequence[Deposit]) -> dict[int, list[Posting]]:
    """By deposit, in the order in which they were begun. Numbers leave no gap, so that each round asks for the next."""
    found: dict[int, list[Posting]] = {one.pk: [] for one in deposits}
    asked = list(deposits)
    while asked:
        keys = {(one.books_id, _key(one, len(found[one.pk]) + 1)): one for one in asked}
        asked = []
        for posting in _under(keys):
            deposit = keys.get((posting.target_id, posting.natural_key))
            if deposit:
                found[deposit.pk].append(posting)
                asked.append(deposit)
    return found


def standing(postings: Iterable[Posting]) -> Decimal:
    """What the books hold, as it was read last."""
    return sum((one.booked or ZERO for one in postings if one.state == State.DONE), ZERO)


def are_there(postings: Iterable[Posting]) -> bool:
    """Whether the books hold one, or may hold it."""
    return any(one.state not in (State.INTENDED, State.VOIDED) for one in postings)


def bring_in_line(deposit: Deposit, still: Callable[[], None]) -> list[Posting]:
    """Afterwards the books hold just the fees: what was begun is ended, what is there is read again, and what is missing
    is one more expense. Raises NotYet, Deleted, Held where a person must see to it, and what the books raise."""
    errands = _Errands(deposit, still)
    begun = [errands.ended(one) for one in expenses_of([deposit])[deposit.pk] if one.state != State.INTENDED]
    gone = [one for one in begun if one.state == State.DONE and not errands.is_there(one)]
    if gone:
        raise Deleted(gone, [one for one in begun if one not in gone])
    missing = in_minor_units(deposit.fees, deposit.currency) - standing(begun)
    if not missing:
        return begun
    _require_untouched(begun, missing, deposit)
    return [*begun, apart.ensure(errands.over(missing, begun))]


class _Errands:
    """Of one deposit."""

    def __init__(self, deposit: Deposit, still: Callable[[], None]) -> None:
        self.deposit, self.still = deposit, still
        self.books = Connection.objects.get(pk=deposit.books_id)

    def over(self, amount: Decimal, begun: list[Posting]) -> apart.Errand:
        deposit, number = self.deposit, len(begun) + 1
        date, late = Calendar(self.books.lock_date).open(deposit.date)
        what = "Further fees" if standing(begun) else "Fees"
        words = [
            f"{what} of {deposit.gateway}, payout {deposit.payout}.",
            late.replace("in the store", "at the gateway"),
        ]
        note = " ".join(filter(None, (*words, f"[{_key(deposit, number)}]")))
        return self._of(Expense(amount=amount, currency=deposit.currency, date=date, vendor=deposit.gateway, note=note))

    def ended(self, posting: Posting) -> Posting:
        """What was sent without an answer, as it was sent."""
        at_rest = posting.state in (State.DONE, State.VOIDED)
        return posting if at_rest else apart.ensure(self._of(Expense.model_validate(posting.document)))

    def is_there(self, posting: Posting) -> bool:
        return apart.look_again(self._of(Expense.model_validate(posting.document)), posting)

    def _of(self, document: Expense) -> apart.Errand:
        return apart.Errand(self.books, EXPENSE, document, self.deposit.date, self.still)


def _require_untouched(postings: list[Posting], missing: Decimal, deposit: Deposit) -> None:
    """Where somebody has changed an expense, or there are too many, only a person knows what is right."""
    changed = [one for one in postings if one.state == State.DONE and one.booked != one.total]
    if missing < 0 or changed:
        raise Held(
            "differs_in_books",
            f"The books hold {standing(postings):.2f} {deposit.currency} as expenses of this payout, and its fees are "
            f"{deposit.fees:.2f}",
            remedy=f"Correct {' and '.join(map(str, changed)) or 'the expense'} in the books, then look again.",
        )


def _key(deposit: Deposit, number: int) -> str:
    """The mark at the end of the note tells it again, as that of a payment does."""
    key = "/".join((deposit.gateway, deposit.payout, deposit.currency)).replace("[", "(").replace("]", ")")
    return key if number == 1 else f"{key}/{number}"


def _under(keys: Collection[tuple[int, str]]) -> Iterable[Posting]:
    there = Posting.objects.filter(target__in={books for books, _ in keys}, resource=EXPENSE)
    for some in portions([key for _, key in keys]):
        yield from there.filter(natural_key__in=some)
