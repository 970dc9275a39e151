"""The rows behind a number of a deposit: what the gateway said, and the order that each belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hub.admin.unfolded import LookOnly, display
from hub.admin.words import amount_cell, day, unbroken
from hub.books.payouts.kinds import Kind
from hub.models import DepositRow

if TYPE_CHECKING:
    DropdownFilter = SimpleListFilter
else:
    from unfold.contrib.filters.admin import DropdownFilter


class DepositFilter(DropdownFilter):
    """Only ever set by a link from a deposit."""

    title = "deposit"
    parameter_name = "deposit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        chosen = request.GET.get("deposit", "")
        return [(chosen, f"number {chosen}")] if chosen.isdecimal() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(deposit=self.value()) if self.value() else queryset


class FeesFilter(DropdownFilter):
    """A fee stands in a row of its own or beside a payment."""

    title = "only"
    parameter_name = "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("fees", "Rows with a fee"), ("open", "Rows to explain")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "fees":
                return queryset.exclude(fee=0)
            case "open":
                return queryset.filter(~Q(kind__in=(Kind.FEE, Kind.PAYOUT)), ~Q(explained=F("gross")))
        return queryset


@admin.register(DepositRow)
class DepositRowAdmin(LookOnly):
    list_display = (
        "on",
        "kind_label",
        "reference",
        "order_link",
        "customer",
        "is_gross",
        "is_fee",
        "is_net",
        "stands",
        "deposit_link",
    )
    list_display_links = None
    list_select_related = ("record", "deposit", "file")
    list_filter = (DepositFilter, "kind", FeesFilter)
    search_fields = ("order__exact", "who")
    search_help_text = "Order number or customer"
    ordering = ("id",)

    @display(description="date", ordering="date")
    def on(self, row: DepositRow) -> SafeString:
        return unbroken(day(row.date))

    @display(description="kind", ordering="kind")
    def kind_label(self, row: DepositRow) -> str:
        return row.get_kind_display().capitalize()

    @display(description="reference")
    def reference(self, row: DepositRow) -> str:
        return row.references[0] if row.references else "–"

    @display(description="order")
    def order_link(self, row: DepositRow) -> SafeString | str:
        if row.record is None:
            return row.order or "–"
        link = reverse("admin:hub_syncrecord_change", args=[row.record.pk])
        return format_html('<a class="ch-link" href="{}">{}</a>', link, row.record.number or row.order)

    @display(description="customer", ordering="who")
    def customer(self, row: DepositRow) -> str:
        return row.who or "–"

    @display(description="gross", ordering="gross")
    def is_gross(self, row: DepositRow) -> SafeString:
        return amount_cell(row.gross, row.currency)

    @display(description="fee", ordering="fee")
    def is_fee(self, row: DepositRow) -> SafeString:
        return amount_cell(-row.fee, row.currency)

    @display(description="net", ordering="net")
    def is_net(self, row: DepositRow) -> SafeString:
        return amount_cell(row.net, row.currency)

    @display(description="explained by")
    def stands(self, row: DepositRow) -> SafeString | str:
        """The documents, or what a person said."""
        if row.kind in (Kind.FEE, Kind.PAYOUT):
            return "–"
        if row.reason:
            return f"“{row.reason}” ({row.decided_by})"
        accepted = [one for one in row.matches.all() if one.accepted]
        if not accepted:
            return format_html('<strong class="ch-bad">{}</strong>', "nothing yet")
        links = (
            (reverse("admin:hub_posting_change", args=[one.posting_id]), one.posting, ", ".join(one.reasons))
            for one in accepted
        )
        return format_html_join("", '<a class="ch-link" href="{}" title="{}">{}</a> ', ((a, c, b) for a, b, c in links))

    @display(description="deposit")
    def deposit_link(self, row: DepositRow) -> SafeString | str:
        if row.deposit is None:
            return "–"
        link = reverse("admin:hub_deposit_change", args=[row.deposit.pk])
        return format_html('<a class="ch-link" href="{}">{}</a>', link, row.deposit.payout or "not paid out yet")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DepositRow]:
        return super().get_queryset(request).prefetch_related("matches__posting")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Rows of payout files"})
