"""The filters of the lists, by names that a link can carry: `?flow=north-orders&state=held&date_from=2026-03-01`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter

from connectors.models import Connection
from hub.admin.words import STATES, heading, plain
from hub.books.agreement import COUNTED
from hub.models import Discrepancy, Flow, SyncRecord

if TYPE_CHECKING:
    DropdownFilter = SimpleListFilter
else:
    from unfold.contrib.filters.admin import DropdownFilter

__all__ = [
    "BackfillFilter",
    "CauseFilter",
    "ConnectionFilter",
    "CountedFilter",
    "CurrencyFilter",
    "FindingsFilter",
    "FlowFilter",
    "RangeDateFilter",
    "ReasonFilter",
    "StateFilter",
    "WithoutRecordFilter",
]

RECENT = 2000
"""Reasons and currencies to choose from are those of the newest records: a list must not read all of history."""
OPEN = "open"
WITHOUT = "without"


class FlowFilter(DropdownFilter):
    title = "flow"
    parameter_name = "flow"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(name, name) for name in Flow.objects.values_list("name", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        path = "flow__name" if queryset.model in (SyncRecord, Discrepancy) else "record__flow__name"
        return queryset.filter(**{path: self.value()}) if self.value() else queryset


class ConnectionFilter(DropdownFilter):
    title = "connection"
    parameter_name = "connection"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(name, name) for name in Connection.objects.values_list("name", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(connection__name=self.value()) if self.value() else queryset


class StateFilter(DropdownFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [*STATES.items(), (OPEN, "Not settled yet (pending, working or waiting)")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == OPEN:
            return queryset.filter(state__in=SyncRecord.UNSETTLED)
        return queryset.filter(state=self.value()) if self.value() else queryset


class ReasonFilter(DropdownFilter):
    title = "reason"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(reason, heading(reason)) for reason in _recent("reason") if reason]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(reason=self.value()) if self.value() else queryset


class CurrencyFilter(DropdownFilter):
    title = "currency"
    parameter_name = "currency"
    UNREAD = "none"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(value or self.UNREAD, value or "Not read yet") for value in _recent("currency")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = "" if self.value() == self.UNREAD else self.value()
        return queryset.filter(currency=wanted) if self.value() else queryset


class FindingsFilter(DropdownFilter):
    """What a person should look at, although it is booked: with how many there are."""

    title = "findings"
    parameter_name = "findings"
    WITH = "with"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(self.WITH, f"With findings ({with_findings(SyncRecord.objects.all()).count():,})")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return with_findings(queryset) if self.value() == self.WITH else queryset


class CauseFilter(DropdownFilter):
    """Only ever set by a link from the dead letters."""

    title = "cause"
    parameter_name = "cause"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        cause = request.GET.get("cause", "")
        return [(cause, plain(cause.replace(":", ", ")))] if cause else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(cause=self.value()) if self.value() else queryset


class BackfillFilter(DropdownFilter):
    """Only ever set by a link from a backfill."""

    title = "backfill"
    parameter_name = "backfill"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        chosen = request.GET.get("backfill", "")
        return [(chosen, f"number {chosen}")] if chosen.isdecimal() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(backfill=self.value()) if self.value() else queryset


class CountedFilter(DropdownFilter):
    """Postings by what they count as in the equation."""

    title = "counted as"
    parameter_name = "counted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [
            ("booked", "Booked"),
            ("in_doubt", "In doubt: may or may not have reached the books"),
            ("unfinished", "In the books, not finished"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        counted = COUNTED.get(self.value() or "")
        return queryset.filter(counted) if counted else queryset


class WithoutRecordFilter(DropdownFilter):
    """Notices that no record stands for: not read yet, or of no flow."""

    title = "record"
    parameter_name = "record"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(WITHOUT, "Without a record")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = SyncRecord.objects.filter(
            flow__source=OuterRef("connection"),
            flow__source_resource=OuterRef("resource"),
            source_id=OuterRef("source_id"),
        )
        return queryset.filter(~Exists(known)) if self.value() == WITHOUT else queryset


def with_findings(records: QuerySet[SyncRecord]) -> QuerySet[SyncRecord]:
    return records.filter(findings__isnull=False)


def _recent(field: str) -> list[str]:
    newest = SyncRecord.objects.order_by("-id").values_list(field, flat=True)[:RECENT]
    return sorted(set(newest))
