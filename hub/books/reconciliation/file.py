"""The discrepancies of a reconciliation as CSV. The columns are a stable contract; rows are written one by one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from hub.books.reconciliation.report import found
from hub.books.reports.csv_file import harmless
from hub.models import Discrepancy, Reconciliation

COLUMNS = {
    "kind": "a slug, such as missing_in_books",
    "state": "open, mended (to be checked), or accepted",
    "flow": "the flow's name",
    "resource": "which kind of document: invoice, payment or credit_note",
    "natural_key": "which one; for a document that is not ours, its number and its id in the books",
    "order_number": "the order's number in its source",
    "source_id": "the order's id in its source",
    "customer": "name and e-mail",
    "date": "business date, YYYY-MM-DD",
    "currency": "ISO 4217",
    "amount": "what the discrepancy is worth; a number",
    "fields": "what differs, separated by spaces",
    "source_total": "what the source says; empty where it says nothing",
    "hub_total": "what the hub has posted",
    "books_total": "what the books hold",
    "sentence": "the same in words",
    "reason": "why it was accepted, or how it was mended",
    "decided_by": "who said so",
}
"""Column → what it holds."""
NUMBERS = ("amount", "source_total", "hub_total", "books_total")


def write(run: Reconciliation, path: Path) -> int:
    """Returns how many rows were written. The file appears whole or not at all."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("w", newline="", encoding="utf-8") as stream:
            written = write_to(run, stream)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return written


def write_to(run: Reconciliation, stream: TextIO) -> int:
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    written = 0
    for row in rows(run):
        writer.writerow(row)
        written += 1
    return written


def lines(run: Reconciliation) -> Iterator[str]:
    """The file line by line, for a download."""
    line = _Line()
    writer = csv.DictWriter(line, COLUMNS)
    yield writer.writeheader()
    for row in rows(run):
        yield writer.writerow(row)


class _Line:
    """What a csv.writer writes to; its `writerow` returns what this returns."""

    def write(self, text: str) -> str:
        return text


def rows(run: Reconciliation) -> Iterator[dict[str, str]]:
    chosen = found(run).select_related("flow").order_by("date", "pk")
    return (_row(one) for one in chosen.iterator(chunk_size=500))


def _row(one: Discrepancy) -> dict[str, str]:
    values: dict[str, Any] = {
        "kind": one.kind,
        "state": one.state,
        "flow": one.flow.name,
        "resource": one.resource,
        "natural_key": one.natural_key,
        "order_number": one.number,
        "source_id": one.source_id,
        "customer": one.who,
        "date": one.date,
        "currency": one.currency,
        "amount": one.amount,
        "fields": " ".join(one.fields),
        "source_total": one.sides.get("source", {}).get("total", ""),
        "hub_total": one.sides.get("hub", {}).get("booked", ""),
        "books_total": one.sides.get("books", {}).get("total", ""),
        "sentence": one.sentence,
        "reason": one.reason,
        "decided_by": one.decided_by,
    }
    return {name: number(value) if name in NUMBERS else harmless(str(value)) for name, value in values.items()}


def number(value: Any) -> str:
    """Two decimals, and more where they say something; nothing where there is no amount."""
    if value in ("", None):
        return ""
    amount = Decimal(str(value))
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount.normalize():f}"
