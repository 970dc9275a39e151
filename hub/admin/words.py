"""How amounts, states and reasons are said to people. Used by every page."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from connectors.models import Connection
from hub.accounting.amounts import in_minor_units
from hub.models import Backfill, Posting, StepResult, SyncRecord, WebhookRequest

COLOURS: dict[str, str] = {
    SyncRecord.State.POSTED: "success",
    SyncRecord.State.HELD: "warning",
    SyncRecord.State.WAITING: "info",
    SyncRecord.State.PENDING: "info",
    SyncRecord.State.WORKING: "info",
    SyncRecord.State.FAILED: "danger",
    StepResult.State.DONE: "success",
    Posting.State.CREATED: "info",
    Posting.State.SENT: "warning",
    WebhookRequest.State.ACCEPTED: "success",
    WebhookRequest.State.REJECTED: "danger",
    Backfill.State.DONE: "success",
    Backfill.State.PREVIEWED: "warning",
    Backfill.State.RUNNING: "info",
    Backfill.State.PREVIEWING: "info",
    Connection.State.OK: "success",
    Connection.State.PAUSED: "warning",
    Connection.State.AWAY: "danger",
    Connection.State.NEEDS_LOGIN: "danger",
}
"""State → the colour of its label. What is not named here is grey."""

STATES: dict[str, str] = {
    SyncRecord.State.PENDING: "Waiting for its turn",
    SyncRecord.State.WORKING: "Being worked on now",
    SyncRecord.State.POSTED: "Posted to the books",
    SyncRecord.State.HELD: "Held: needs a person",
    SyncRecord.State.SKIPPED: "Skipped: not to be booked",
    SyncRecord.State.WAITING: "Waits for something that will come by itself",
    SyncRecord.State.FAILED: "Failed: waits for you",
}


HEADINGS: dict[str, str] = {
    "address": "Billing address",
    "billing": "Billing address",
    "shipping": "Shipping address",
    "payment_method_name": "Paid by",
    "payment_method": "Paid by",
    "store_name": "Store",
    "tenders": "Gift cards and credit",
    "discount_names": "Discounts",
    "discount_total": "Discount",
    "residual": "Not explained",
    "tax_total": "Tax",
    "write_back": "Telling the store",
    "due_days": "Due after days",
}
"""Where the field's own name says too little."""


def figure(amount: Decimal | None, currency: str = "") -> str:
    """`1,234.50`, for columns whose currency is said beside them; a dash where there is no amount."""
    return "–" if amount is None else f"{in_minor_units(amount, currency):,f}"


def money(amount: Decimal | None, currency: str = "") -> str:
    """`1,234.50 USD`; a dash where there is no amount."""
    return figure(amount) if amount is None else f"{figure(amount, currency)} {currency}".strip()


def amounts(values: dict[str, Decimal]) -> str:
    """One sum per currency: `120.00 USD and 33.10 EUR`. Currencies are never added together."""
    known = [money(total, currency) for currency, total in sorted(values.items()) if currency or total]
    return " and ".join(known) or "no amount known"


def amount_of(value: Any) -> Decimal | None:
    """An amount as JSON keeps it: text. None where it is no number."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def count(number: int, one: str, many: str = "") -> str:
    """`1 order`, `3 orders`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day(date: dt.date | None) -> str:
    """`14 Mar 2026`."""
    return date_format(date, "j M Y") if date else "–"


def moment(instant: dt.datetime | None) -> str:
    """`14 Mar 2026, 16:05`, in the installation's time zone."""
    return date_format(timezone.localtime(instant), "j M Y, H:i") if instant else "–"


def plain(slug: str) -> str:
    """A slug or field path as words: `not_accepted` → `not accepted`."""
    return slug.replace("_", " ").replace(".", " › ").strip()


def spaced(document: str) -> str:
    """A document's name as words: `CreditNote` → `Credit note`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", document).capitalize()


def heading(slug: str) -> str:
    """The same at the head of a row: `po_number` → `PO number`, `client_id` → `Client id`."""
    if slug in HEADINGS:
        return HEADINGS[slug]
    words = plain(slug)
    first = words.partition(" ")[0]
    return words.replace(first, first.upper(), 1) if first in ("po", "sku", "vat") else words.capitalize()


def unbroken(text: str) -> SafeString:
    """For a column of a list: a date or a number on one line."""
    return format_html('<span class="ch-unbroken">{}</span>', text)


def long(text: str) -> SafeString:
    """For an e-mail address or a key, which may be longer than its place: it wraps wherever it must."""
    return format_html('<span class="ch-long">{}</span>', text)


def amount_cell(amount: Decimal | None, currency: str) -> SafeString:
    return format_html('<span class="ch-num">{}</span>', money(amount, currency))


def percent(rate: Any) -> str:
    """` at 7.7 %`; nothing where there is no rate."""
    amount = amount_of(rate)
    return "" if amount is None else f" at {amount.normalize():f} %"
