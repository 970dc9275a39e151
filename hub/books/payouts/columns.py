"""What a column of a gateway's file may hold, and the heads under which the usual gateways write it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SPLIT = re.compile(r"[^a-z0-9]+")
OWN_ID = "Different in every row. By it a row is known again in another file."


@dataclass(frozen=True)
class Field:
    """`several`: more than one column may hold it. `usual` are heads, written without signs, the surest first."""

    name: str
    label: str
    usual: str
    several: bool = False
    why: str = ""

    @property
    def heads(self) -> list[str]:
        return self.usual.split(", ")


FIELDS = (
    Field("id", "The row's own id", "balance transaction id, transaction id, balance transaction, id", why=OWN_ID),
    Field("kind", "What kind of row", "reporting category, transaction type, event type, type, kind"),
    Field("status", "Status", "transaction status, status"),
    Field(
        "reference",
        "The payment's id",
        "source id, charge id, payment intent id, payment id, psp reference, reference txn id, original transaction id, "
        "refunded transaction id, modification reference, capture id, source, reference",
        several=True,
        why="As the store knows it.",
    ),
    Field(
        "order",
        "Order number",
        "order id, order number, order, invoice number, merchant reference, invoice id, order reference, "
        "merchant order reference, custom number",
    ),
    Field("gross", "Gross amount", "gross, amount, total collected, settlement amount, gross amount, total"),
    Field("gross_in", "Gross credit", "gross credit gc, gross credit"),
    Field("gross_out", "Gross debit", "gross debit gc, gross debit"),
    Field(
        "fee",
        "Fee",
        "fee, fees, commission nc, markup nc, scheme fees nc, interchange nc, processing fee, transaction fee, "
        "service fee, total fee amount, fee amount, commission",
        several=True,
        why="Several are added up.",
    ),
    Field("net", "Net amount", "net, net total, net amount"),
    Field("net_in", "Net credit", "net credit nc, net credit, credit"),
    Field("net_out", "Net debit", "net debit nc, net debit, debit"),
    Field(
        "currency",
        "Currency",
        "net currency, payout currency, deposit currency, currency, currency iso code, currency code, settlement currency, "
        "settlement currency iso code",
    ),
    Field("shown", "What the customer paid", "customer facing amount, presentment amount, amount paid"),
    Field(
        "shown_currency",
        "The customer's currency",
        "customer facing currency, presentment currency, gross currency, paid currency",
    ),
    Field(
        "date",
        "Date",
        "created utc, created, transaction date, creation date, date, created datetime, created at, date time, "
        "booking date, settlement date",
    ),
    Field("time", "Time of day", "time"),
    Field(
        "payout",
        "Payout",
        "automatic payout id, payout id, deposit id, transfer id, batch number, transfer, payout, settlement batch id",
        why="What the gateway calls the sum that it paid to the bank.",
    ),
    Field(
        "paid_on",
        "Paid out on",
        "automatic payout effective at utc, automatic payout effective at, payout date, deposit date, "
        "disbursement date, transfer date utc, transfer date",
    ),
    Field("who", "Customer", "customer name, name, customer, shopper name, from email address, customer email"),
    Field("description", "Description", "description, details, note, subject, item title"),
)
NAMES = {field.name: field for field in FIELDS}
CONVERTED = (
    ("settlement amount", ("settlement currency iso code", "settlement currency")),
    ("converted amount", ("converted currency",)),
)
"""Amounts in the currency of the payout, each with the heads under which that one stands beside it. The file's other
amount and currency are then the customer's."""
BESIDE = {"shown": ("amount", "amount submitted for settlement"), "shown_currency": ("currency", "currency iso code")}
Columns = dict[str, tuple[str, ...]]
"""Field → heads of the file, as they stand there."""


def plain(head: str) -> str:
    """`Net Credit (NC)` → `net credit nc`."""
    return " ".join(SPLIT.split(head.lower())).strip()


def recognised(heads: Sequence[str]) -> Columns:
    """Each field with its columns, and each column for one field."""
    left = {plain(head): head for head in reversed(heads) if head.strip()}
    found = _converted(left)
    beside = BESIDE if found else {}
    for field in FIELDS:
        mine = [name for name in (*field.heads, *beside.get(field.name, ())) if name in left]
        chosen = mine if field.several else mine[:1]
        if chosen and field.name not in found:
            found[field.name] = tuple(left.pop(name) for name in chosen)
    return found


def _converted(left: dict[str, str]) -> Columns:
    """An amount and a currency belong together. Takes them out of what is `left`."""
    for amount, currencies in CONVERTED:
        currency = next((name for name in currencies if name in left), "")
        if amount in left and currency:
            return {"gross": (left.pop(amount),), "currency": (left.pop(currency),)}
    return {}


def paired(chosen: Columns, heads: Sequence[str]) -> Columns:
    """What a person chose; but a converted amount is never one of the customer's currency."""
    there = {plain(head): head for head in reversed(heads)}
    gross = [plain(head) for head in chosen.get("gross", ())]
    own = next((name for one, names in CONVERTED if gross == [one] for name in names if name in there), "")
    if not own or chosen.get("currency") == (there[own],):
        return chosen
    beside = {"shown_currency": chosen["currency"]} if "currency" in chosen else {}
    return {**beside, **chosen, "currency": (there[own],)}


def weight(cells: Iterable[str]) -> int:
    """How many of these cells look like heads."""
    known = {name for field in FIELDS for name in field.heads}
    return len({plain(cell) for cell in cells} & known)


def missing(columns: Columns) -> list[str]:
    """What a file cannot do without, in words."""
    money = ("gross", "net", "gross_in", "net_in")
    lacks = [] if any(name in columns for name in money) else ["an amount (gross or net)"]
    return [*lacks, *([] if {"date", "paid_on"} & set(columns) else ["a date"])]
