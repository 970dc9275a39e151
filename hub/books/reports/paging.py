"""Rows by the page, in the order of their days: neither memory nor a query's time grows with what was read before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

FIRST, PAGE = 200, 5000
"""Rows of the first page, which is often all that anybody looks at, and of those behind it."""


def pages(rows: QuerySet[Any, Any]) -> Iterator[list[dict[str, Any]]]:
    """`rows` are `values()` with `pk` and `date`. Each page is a query of its own that goes on behind the last row, so
    that no cursor and no snapshot is held while somebody downloads slowly, also behind a pooler of connections."""
    ordered = rows.order_by("date", "pk")
    page, size = list(ordered[:FIRST]), FIRST
    while page:
        yield page
        if len(page) < size:
            return
        date, pk = page[-1]["date"], page[-1]["pk"]
        page, size = list(ordered.filter(Q(date__gt=date) | Q(pk__gt=pk), date__gte=date)[:PAGE]), PAGE
