"""Rows of the tax table from a file, and into one. Rows that the file does not name are left alone."""

from __future__ import annotations

from typing import Any

from hub.configuration.reading import escaped
from hub.configuration.report import Report, Wrong
from hub.configuration.shape import TaxEntry
from hub.models import Flow, TaxRow


def apply_tax(entry: TaxEntry, report: Report) -> None:
    """Raises Wrong."""
    scope: dict[str, Any] = {"name": entry.name, "rate": entry.rate, "country": entry.country, "flow": _flow(entry)}
    row = TaxRow.objects.filter(**scope).first()
    wanted = {"to": entry.to, **({"percent": entry.percent} if "percent" in entry.model_fields_set or not row else {})}
    parts = [name for name, value in wanted.items() if row and getattr(row, name) != value]
    if parts or row is None:
        TaxRow.objects.update_or_create(**scope, defaults=wanted)
    report.changed(f"tax {entry.name}", parts if row else ["created"])


def export_taxes() -> list[dict[str, Any]]:
    return [_exported(row) for row in TaxRow.objects.select_related("flow").order_by("name", "country", "rate", "flow")]


def _flow(entry: TaxEntry) -> Flow | None:
    flow = Flow.objects.filter(name=entry.flow).first() if entry.flow else None
    if entry.flow and flow is None:
        raise Wrong((("flow",), f"there is no flow {entry.flow}"))
    return flow


def _exported(row: TaxRow) -> dict[str, Any]:
    """Numbers as text, so that no rate is ever read as a float."""
    scope = {
        "rate": None if row.rate is None else f"{row.rate.normalize():f}",
        "country": row.country,
        "flow": row.flow.name if row.flow else "",
        "to": escaped(row.to),
        "percent": None if row.percent is None else f"{row.percent.normalize():f}",
    }
    return {"name": escaped(row.name), **{name: value for name, value in scope.items() if value not in (None, "")}}
