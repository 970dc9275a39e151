"""What is left over of all payments, on either side: matches that are sure enough explain it, the rest is findings. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from connectors.documents import ZERO, Document
from hub.books.reconciliation.comparing import Verdict
from hub.books.reconciliation.differences import money, named
from hub.books.reconciliation.facts import Case, Expected, Finding, Seen
from hub.books.reconciliation.findings import found
from hub.books.reconciliation.likeness import Due, Loose
from hub.books.reconciliation.matching import Match, matches
from hub.books.reconciliation.paying import PAYMENT, spelled


class Open(Document):
    """What is left over of one order; `differs`: in something else, too."""

    case: Case
    unpaid: tuple[Expected, ...] = ()
    extra: tuple[Seen, ...] = ()
    differs: bool = False

    @classmethod
    def of(cls, case: Case, verdict: Verdict) -> Self:
        differs = bool(verdict.findings)
        return cls(case=case, unpaid=tuple(verdict.unpaid), extra=tuple(verdict.extra), differs=differs)


@dataclass
class Explained:
    """`accepted` matches are taken for true; the others are shown, and a person decides."""

    findings: list[Finding] = field(default_factory=list)
    accepted: list[Match] = field(default_factory=list)
    suggested: list[Match] = field(default_factory=list)


def explained(opens: Sequence[Open], unowned: Iterable[Seen], threshold: int) -> Explained:
    """`unowned` are payments on other invoices that bear no mark of ours and that nobody has claimed."""
    loose = {one.id: one for one in [*(seen for open in opens for seen in open.extra if not _marked(seen)), *unowned]}
    dues = {due.key: due for open in opens for due in _dues(open)}
    found_matches = matches(list(dues.values()), [_loose(one) for one in loose.values() if one.date and one.total])
    result = Explained(
        accepted=[one for one in found_matches if one.confidence >= threshold],
        suggested=[one for one in found_matches if one.confidence < threshold],
    )
    settled = {due.key for one in result.accepted for due in one.dues}
    used = {payment.id for one in found_matches for payment in one.payments}
    guesses = {due.key: one for one in result.suggested for due in one.dues}
    for open in opens:
        result.findings += _left(open, settled, used, guesses, loose)
    return result


def _left(
    open: Open, settled: set[str], used: set[str], guesses: dict[str, Match], loose: dict[str, Seen]
) -> Iterator[Finding]:
    unpaid = [one for one in open.unpaid if one.key not in settled]
    extra = [one for one in open.extra if one.id not in used]
    invoices = {posted.part: posted.remote_id for posted in open.case.posted if posted.resource != PAYMENT}
    on: dict[str, list[Seen]] = defaultdict(list)
    for seen in extra:
        on[seen.invoice_id].append(seen)
    for expected in unpaid:
        instead = on.pop(invoices.get(expected.of, ""), []) if expected.key not in guesses else []
        if instead:
            yield _another_amount(expected, instead, open.case)
        else:
            yield _unpaid(expected, open.case, guesses.get(expected.key), loose)
    for surplus in on.values():
        yield _surplus(surplus, open.case)


def _unpaid(expected: Expected, case: Case, guess: Match | None, loose: dict[str, Seen]) -> Finding:
    posted = case.posting(PAYMENT, expected.part)
    seen = case.find(PAYMENT, posted.remote_id) if posted else None
    what = f"{named(PAYMENT, expected.key)} over {money(expected.total, expected.currency)}"
    why = "was not posted" if posted is None else "was posted, and is not in the books any more"
    why = "was posted, and somebody deleted it in the books" if seen is not None and not seen.stands else why
    candidates = tuple(loose[one.id] for one in guess.payments) if guess else ()
    hint = f"; a payment without a reference may be it ({guess.confidence} % sure)" if guess else ""
    return found(
        "payment_missing",
        case,
        PAYMENT,
        expected.key,
        f"{what} {why}{hint}",
        amount=expected.total,
        currency=expected.currency,
        source=expected,
        hub=posted,
        books=seen,
        candidates=candidates,
        confidence=guess.confidence if guess else 0,
        reasons=guess.reasons if guess else (),
    )


def _another_amount(expected: Expected, instead: list[Seen], case: Case) -> Finding:
    total = sum((one.total or ZERO for one in instead), ZERO)
    kind = "payment_partial" if total < expected.total else "payment_over"
    return found(
        kind,
        case,
        PAYMENT,
        expected.key,
        f"{named(PAYMENT, expected.key)}: the source says {money(expected.total, expected.currency)}, "
        f"the books hold {money(total, expected.currency)} without a reference: {', '.join(map(spelled, instead))}",
        amount=abs(expected.total - total),
        currency=expected.currency,
        fields=("amount",),
        source=expected,
        hub=case.posting(PAYMENT, expected.part),
        books=instead[0],
        candidates=tuple(instead),
    )


def _surplus(surplus: list[Seen], case: Case) -> Finding:
    total, first = sum((one.total or ZERO for one in surplus), ZERO), surplus[0]
    invoice = next(one for one in case.posted if one.remote_id == first.invoice_id and one.resource != PAYMENT)
    return found(
        "payment_over",
        case,
        invoice.resource,
        invoice.key,
        f"{named(invoice.resource, invoice.key)} has {money(total, first.currency)} more payments in the books than the "
        f"source says: {', '.join(map(spelled, surplus))}",
        amount=total,
        currency=first.currency,
        hub=invoice,
        books=first,
        candidates=tuple(surplus),
    )


def _marked(seen: Seen) -> bool:
    return seen.note.rstrip().endswith("]")


def _dues(open: Open) -> Iterator[Due]:
    invoices = {posted.part: posted for posted in open.case.posted if posted.resource not in (PAYMENT, "credit_note")}
    for one in open.unpaid:
        invoice = invoices.get(one.of)
        yield Due(
            key=one.key,
            amount=one.total,
            currency=one.currency,
            date=one.date,
            who=open.case.says.who.partition("<")[0].strip(),
            client_id=invoice.client_id if invoice else "",
            invoice_id=invoice.remote_id if invoice else "",
            references=(open.case.says.number, one.reference),
        )


def _loose(seen: Seen) -> Loose:
    assert seen.date and seen.total is not None
    return Loose(
        id=seen.id,
        amount=seen.total,
        currency=seen.currency,
        date=seen.date,
        client=seen.client,
        client_id=seen.client_id,
        invoice_id=seen.invoice_id,
        note=seen.note,
    )
