"""A month of very many records and invoices, made by the database itself. `python -m tests.books.reports.volume ROWS`."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 3, 31)
DAYS = 31


def fill(rows: int) -> None:
    """Rows like one that the ORM has made, whatever columns the tables have."""
    from hub.models import Posting, SyncRecord
    from tests.hub.rows import make_flow, make_record

    flow = make_flow()
    record = make_record(flow, "0", due_at=None, state="posted", currency="EUR", total=Decimal("12.50"), number="0")
    posting = Posting.objects.create(
        target=flow.target, resource="invoice", natural_key="0", record=record, state="done", document={}, digest="d",
        date=FIRST, currency="EUR", total=Decimal("12.50"), booked=Decimal("12.50"), remote_id="0",
    )  # fmt: skip
    for day in range(DAYS):
        numbers = range(rows * day // DAYS + 1, rows * (day + 1) // DAYS + 1)
        name = "'Ada ' || n.i || ' <ada' || n.i || '@example.com>'"
        changed = {"id": f"{record.pk} + n.i", "source_id": _text("n.i"), "number": _text("n.i"), "who": name}
        date = FIRST + dt.timedelta(days=day)
        _multiply(SyncRecord, record.pk, numbers, date, changed)
        keys = {name: _text("n.i") for name in ("natural_key", "remote_id")}
        _multiply(
            Posting, posting.pk, numbers, date, {"id": f"{posting.pk} + n.i", "record_id": f"{record.pk} + n.i", **keys}
        )
    SyncRecord.objects.filter(pk=record.pk).delete()
    Posting.objects.filter(pk=posting.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _text(number: str) -> str:
    return f"CAST({number} AS varchar(20))"


def _multiply(model: type[Model], pattern: int, numbers: range, date: dt.date, changed: dict[str, str]) -> None:
    columns = [field.column for field in model._meta.concrete_fields]
    values: list[Any] = [numbers.start, numbers.stop - 1, date, pattern]
    chosen = ", ".join("CAST(%s AS date)" if name == "date" else changed.get(name, f't."{name}"') for name in columns)
    if connection.vendor == "sqlite":
        chosen = chosen.replace("CAST(%s AS date)", "%s")
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT CAST(%s AS integer) UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
            f"INSERT INTO {table} ({names}) SELECT {chosen} FROM n, {table} t WHERE t.id = %s",
            values,
        )


if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    fill(int(sys.argv[1]))
