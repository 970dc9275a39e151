"""Their errors named by what to do next, with the remedy where we know one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.errors import REFERENCE_GONE, ConnectorError, Gone, NeedsLogin, OutcomeUnknown, Rejected, RetryLater
from connectors.freshbooks.envelopes import Complaint
from connectors.http import SAFE_METHODS, Answer

ACCESS_DENIED, DELETED, UNKNOWN, DUPLICATE = "1003", "1011", "1012", "1029"
BAD_TEXT = frozenset({"1001", "1017", "1027", "1036", "1038"})
"""What may be wrong with a number that is not taken: missing, too long, odd characters, not ours to write."""
REPEATABLE = SAFE_METHODS | {"PUT"}
"""Every PUT of ours says what shall be, so it may be sent again."""
CONFLICT, THEIR_BUG = "409", "500"
UNAUTHENTICATED = frozenset({"401", "unauthenticated", "invalid_token", "token_expired"})

REMEDIES = {
    "1017": "It is too long for FreshBooks: shorten it in the mapping, such as with truncate:255.",
    "1036": "FreshBooks does not take one of its characters: leave it out by a rule of the mapping, such as with replace.",
    "1038": "FreshBooks sets this field itself; take it out of the mapping.",
    "1042": "The FreshBooks account is inactive; renew its subscription.",
    "12001": "This FreshBooks plan has no items; switch items off in the flow.",
}
NO_RIGHT = (
    "The login may not do this: log in as an owner or administrator, and give the app every scope in the setup guide."
)
WRONG_ACCOUNT = "Check the account id in the connection: upper and lower case matter."


@dataclass(frozen=True)
class Asked:
    """What a call is about. `teaches`: errno → the capability that it proves absent."""

    thing: str
    id: str = ""
    number_field: str = ""
    teaches: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return f"{self.thing.replace('_', ' ')} {self.id}".strip()


def named(answer: Answer, found: list[Complaint], asked: Asked) -> ConnectorError:
    """What the refusal means for whoever asked."""
    first = found[0] if found else Complaint(f"status {answer.status}, no reason given")
    said = "; ".join(complaint.message for complaint in found) or first.message
    code = f"errno_{first.errno}" if first.errno.isdecimal() else f"http_{answer.status}"
    if answer.status == 401 or first.denied or first.errno in UNAUTHENTICATED:
        return NeedsLogin(f"FreshBooks no longer accepts the login: {said}", code="login_refused")
    if answer.status == 409 or first.errno == CONFLICT:
        return RetryLater(f"FreshBooks is changing the {asked.words} for somebody else: {said}", code="errno_409")
    if first.errno == THEIR_BUG:
        failure = RetryLater if answer.method in REPEATABLE else OutcomeUnknown
        return failure(f"FreshBooks failed while working on the {asked.words}: {said}", code=code)
    if asked.id and _gone(answer, first, asked):
        return Gone(f"FreshBooks has no {asked.words} (any more): {said}", code="gone", field=first.field)
    return _rejected(answer, first, said, code, asked)


def _gone(answer: Answer, complaint: Complaint, asked: Asked) -> bool:
    """Unknown is the record itself, not another one that the request names (an invoice's client)."""
    about_it = answer.method in SAFE_METHODS or asked.thing.startswith(complaint.object.lower())
    return about_it and (answer.status == 404 or complaint.errno in {UNKNOWN, DELETED})


def _rejected(answer: Answer, complaint: Complaint, said: str, code: str, asked: Asked) -> Rejected:
    if asked.number_field and _taken(complaint, asked):
        return Rejected(
            f"FreshBooks already has a document with this number: {said}",
            code="number_taken",
            field=asked.number_field,
            value=complaint.value,
        )
    where = f" (field {complaint.field})" if complaint.field else ""
    return Rejected(
        f"FreshBooks refused the {asked.words}{where}: {said} {_remedy(answer, complaint)}".strip(),
        code=REFERENCE_GONE if complaint.errno in {UNKNOWN, DELETED} else code,
        field=complaint.field,
        value=complaint.value,
        teaches=asked.teaches.get(complaint.errno, ""),
    )


def _remedy(answer: Answer, complaint: Complaint) -> str:
    if complaint.errno in REMEDIES:
        return REMEDIES[complaint.errno]
    if answer.status == 403 or complaint.errno == ACCESS_DENIED:
        return NO_RIGHT
    return WRONG_ACCOUNT if answer.status == 404 and not complaint.object else ""


def _taken(complaint: Complaint, asked: Asked) -> bool:
    """Nobody has seen the real refusal of a number in use, so every complaint about the number that cannot mean
    something else is taken for one (API sheet, 2026-09)."""
    if complaint.errno == DUPLICATE:
        return complaint.field in {"", asked.number_field, "number"}
    return complaint.field == asked.number_field and complaint.errno not in BAD_TEXT
