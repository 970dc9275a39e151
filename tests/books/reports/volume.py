"""A month of very many records and invoices, made by the database itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import connection, transaction

from hub.models import Posting, SyncRecord
from tests.hub.rows import make_flow, make_record

FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 3, 31)
DAYS = 31
TEXT = "CAST(n.i AS varchar(20))"


def fill(rows: int) -> None:
    """Rows like one that the ORM has made, whatever columns the tables have."""
    flow = make_flow()
    record = make_record(flow, "0", due_at=None, state="posted", currency="EUR", total=Decimal("12.50"), number="0")
    posting = Posting.objects.create(
        target=flow.target, resource="invoice", natural_key="0", record=record, state="done", document={}, digest="d",
        date=FIRST, currency="EUR", total=Decimal("12.50"), booked=Decimal("12.50"), remote_id="0",
    )  # fmt: skip
    record_id, name = f"{record.pk} + n.i", "'Ada ' || n.i || ' <ada' || n.i || '@example.com>'"
    for_records = {"id": record_id, "source_id": TEXT, "number": TEXT, "who": name}
    for_postings = {"id": f"{posting.pk} + n.i", "record_id": record_id, "natural_key": TEXT, "remote_id": TEXT}
    for day in range(DAYS):
        numbers = range(rows * day // DAYS + 1, rows * (day + 1) // DAYS + 1)
        _multiply(record, numbers, FIRST + dt.timedelta(days=day), for_records)
        _multiply(posting, numbers, FIRST + dt.timedelta(days=day), for_postings)
    posting.delete()
    record.delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _multiply(pattern: SyncRecord | Posting, numbers: range, date: dt.date, changed: dict[str, str]) -> None:
    """As many rows as there are numbers, each like the pattern but for what is changed."""
    columns = [field.column for field in pattern._meta.concrete_fields if not field.generated]
    dated = {"date": "%s" if connection.vendor == "sqlite" else "CAST(%s AS date)"}
    chosen = ", ".join((changed | dated).get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    table = pattern._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT CAST(%s AS integer) UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
            f"INSERT INTO {table} ({names}) SELECT {chosen} FROM n, {table} t WHERE t.id = %s",
            [numbers.start, numbers.stop - 1, date, pattern.pk],
        )
