"""One order on three sides: what became of it, what differs, and which payments are still to be explained. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hub.books.reconciliation.differences import compared, from_source, money, named, worth
from hub.books.reconciliation.drift import drifted
from hub.books.reconciliation.facts import Case, Expected, Finding, Posted, Seen
from hub.books.reconciliation.findings import found, of_posted
from hub.books.reconciliation.paying import CREDIT, PAYMENT, paid

ORDER = "order"
HELD, SKIPPED, FAILED = "held", "skipped", "failed"
UNCOMPARED = ("held", "unreadable")
"""What the source says, where accounting cannot tell which documents the books should hold."""
EARLIER = ". It is from before this flow began, so it only comes in if you say so"


@dataclass
class Verdict:
    """`outcome` is what the order counts as: agrees, differs, held, skipped or unsettled. What is unsettled was not
    judged; where it `wakes`, the hub has to look at it again."""

    outcome: str
    findings: list[Finding] = field(default_factory=list)
    unpaid: list[Expected] = field(default_factory=list)
    extra: list[Seen] = field(default_factory=list)
    wakes: bool = False

    @property
    def is_open(self) -> bool:
        """Payments are left over, on either side."""
        return bool(self.unpaid or self.extra)


def judged(case: Case) -> Verdict:
    """Held and skipped orders are accounted for, and still nobody may change what stands in the books for them."""
    if case.record and case.record.unsettled:
        return Verdict("unsettled")
    if case.says.outcome in UNCOMPARED and not (case.record and case.record.state == HELD):
        return _uncompared(case)
    verdict = Verdict(_counts_as(case))
    verdict.findings += drifted(case)
    if verdict.outcome == "agrees":
        verdict.findings += _documents(case)
        verdict.findings += _taken_back(case)
        payments = paid(case) if _invoiced(case) else None
        if payments:
            verdict.findings += payments.findings
            verdict.unpaid, verdict.extra = payments.unpaid, payments.extra
    elif verdict.outcome in ("skipped", "gone"):
        verdict.findings += _unfounded(case)
        verdict.outcome = SKIPPED
    if verdict.findings or verdict.is_open:
        verdict.outcome = "differs"
    return verdict


def _counts_as(case: Case) -> str:
    """A record that is held waits for a person, whatever its source says by now. One that the hub has skipped, and that
    its source wants booked today, is missing."""
    if case.record and case.record.state == HELD:
        return HELD
    return "agrees" if case.says.outcome == "wanted" else case.says.outcome


def _invoiced(case: Case) -> bool:
    return any(one.resource not in (PAYMENT, CREDIT) for one in case.posted)


# --- what the source says, and accounting cannot follow ---


def _uncompared(case: Case) -> Verdict:
    """Nobody was asked about it yet: the hub is told, and asks. What has failed waits for a person already."""
    if case.record is None:
        return Verdict("differs", [_unheard(case)])
    if case.record.state != FAILED:
        return Verdict("unsettled", list(drifted(case)), wakes=True)
    return Verdict("unsettled", list(drifted(case))) if _invoiced(case) else Verdict("differs", [_failed(case)])


def _unheard(case: Case) -> Finding:
    why = "cannot read it" if case.says.outcome == "unreadable" else "would hold it"
    sentence = f"The hub has never heard of {_order(case)}, and {why}: {case.says.message.rstrip('.')}"
    return _of_order("missing_in_hub", case, sentence + _why_not_in(case), comes_in=not case.earlier)


def _failed(case: Case) -> Finding:
    what = _order(case)
    return _of_order("missing_in_books", case, f"{what[0].upper()}{what[1:]} is not in the books: {_why(case)}")


def _of_order(kind: str, case: Case, sentence: str, **more: object) -> Finding:
    """About the order itself: which documents it wants, nobody can say."""
    says, key = case.says, case.says.number or case.says.source_id
    if says.currency:
        more["source"] = Expected(resource=ORDER, key=key, date=case.date, currency=says.currency, total=says.total)
    return found(kind, case, ORDER, key, sentence, amount=says.total, currency=says.currency, **more)


def _order(case: Case) -> str:
    says = case.says
    worth = f" over {money(says.total, says.currency)}" if says.currency else ""
    return f"order {says.number or says.source_id}{worth}"


def _why_not_in(case: Case, stranger: Seen | None = None) -> str:
    if not case.earlier:
        return ""
    return EARLIER if stranger else f"{EARLIER}; the books may hold it under another number"


# --- source and hub ---


def _documents(case: Case) -> Iterator[Finding]:
    """Where the order itself is missing, all that belongs to it is; one finding says so."""
    for expected in case.says.documents:
        if expected.resource == PAYMENT:
            continue
        posted = case.posting(expected.resource, expected.part)
        if posted is not None:
            yield from _differing(expected, posted, case)
        elif expected.resource != CREDIT or _invoiced(case):
            yield _missing(expected, case)


def _differing(expected: Expected, posted: Posted, case: Case) -> Iterator[Finding]:
    fields = from_source(expected, posted, case)
    if fields:
        sentence = f"{named(posted.resource, posted.key)}: {compared(expected, posted, fields, case)}"
        yield found(
            fields[0],
            case,
            expected.resource,
            posted.key,
            sentence,
            amount=worth(fields, expected, posted),
            currency=expected.currency,
            fields=fields,
            source=expected,
            hub=posted,
            books=case.find(posted.resource, posted.remote_id),
        )


def _missing(expected: Expected, case: Case) -> Finding:
    stranger = next((one for one in case.strangers(expected.resource) if one.number == expected.key), None)
    what = f"{named(expected.resource, expected.key)} over {money(expected.total, expected.currency)}"
    if case.record is None:
        kind, sentence = "missing_in_hub", f"The hub has never heard of order {case.says.number}: {what}"
        sentence += ". The books hold a document of this number" if stranger else ""
        sentence += _why_not_in(case, stranger)
    elif stranger:
        kind, sentence = "missing_in_hub", f"The books hold {what[0].lower()}{what[1:]}, and the hub does not know it"
    elif expected.resource == CREDIT:
        kind, sentence = "refund_missing", f"{what} is not in the books, and was not posted"
    else:
        kind, sentence = "missing_in_books", f"{what} is not in the books: {_why(case)}"
    return found(
        kind,
        case,
        expected.resource,
        expected.key,
        sentence,
        amount=expected.total,
        currency=expected.currency,
        source=expected,
        books=stranger,
        comes_in=case.record is None and not case.earlier,
    )


def _why(case: Case) -> str:
    if case.record and case.record.state == FAILED:
        return f"posting it failed ({case.record.message.rstrip('.')})"
    if case.record and case.record.state == SKIPPED:
        return "the hub has skipped it, and the store wants it booked by now"
    return "it was not posted"


def _taken_back(case: Case) -> Iterator[Finding]:
    """Refunds that the source has canceled since they were credited. Payments are told apart by what they pay."""
    for posted in case.posted:
        seen = case.find(posted.resource, posted.remote_id)
        if posted.resource != CREDIT or posted.id not in case.says.withdrawn or (seen is not None and not seen.stands):
            continue
        yield _extra(posted, seen, "the source took back the refund that it is for", case)


def _unfounded(case: Case) -> Iterator[Finding]:
    """The source has taken back what is booked."""
    for posted in case.posted:
        seen = case.find(posted.resource, posted.remote_id)
        if posted.resource in (PAYMENT, CREDIT) or posted.part or (seen is not None and not seen.stands):
            continue
        why = "the source no longer has this order" if case.says.outcome == "gone" else case.says.message
        yield _extra(posted, seen, why, case)


def _extra(posted: Posted, seen: Seen | None, why: str, case: Case) -> Finding:
    what = f"{named(posted.resource, posted.key)} over {money(posted.booked, posted.currency)}"
    return of_posted("extra_in_books", posted, f"{what} is in the books, but {why}", case, books=seen)
