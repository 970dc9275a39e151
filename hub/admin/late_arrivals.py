"""Late arrivals: documents that stand on a later day than their own, because that was closed when they came."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hub.admin.filters import CurrencyFilter, FlowFilter, RangeDateFilter
from hub.admin.months import Month
from hub.admin.unfolded import LookOnly, display
from hub.admin.words import amount_cell, day, heading, unbroken
from hub.books.late import late_postings
from hub.models import LateArrival


@admin.register(LateArrival)
class LateArrivalAdmin(LookOnly):
    list_display = ("what", "number", "amount", "true_date", "belongs_to", "posted_date", "order")
    list_display_links = ("what",)
    fields = (*list_display, "target")
    list_filter = (
        FlowFilter,
        "target",
        "resource",
        ("date", RangeDateFilter),
        ("business_date", RangeDateFilter),
        CurrencyFilter,
    )
    list_filter_submit = True
    search_fields = ("natural_key", "record__number__exact")
    search_help_text = "Number of the document or of the order"
    ordering = ("-date", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LateArrival]:
        return late_postings().select_related("record", "target")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Late arrivals"})

    @display(description="document", ordering="resource")
    def what(self, late: LateArrival) -> str:
        return heading(late.resource)

    @display(description="number", ordering="natural_key")
    def number(self, late: LateArrival) -> SafeString:
        link = reverse("admin:hub_posting_change", args=[late.pk])
        return format_html('<a class="ch-link" href="{}">{}</a>', link, late.remote_number or late.natural_key)

    @display(description="amount", ordering="booked")
    def amount(self, late: LateArrival) -> SafeString:
        return amount_cell(late.booked, late.currency)

    @display(description="true date", ordering="business_date")
    def true_date(self, late: LateArrival) -> SafeString:
        return unbroken(day(late.business_date))

    @display(description="belongs to")
    def belongs_to(self, late: LateArrival) -> SafeString:
        return unbroken(Month.of(late.business_date).title if late.business_date else "–")

    @display(description="dated in the books", ordering="date")
    def posted_date(self, late: LateArrival) -> SafeString:
        return unbroken(day(late.date))

    @display(description="order")
    def order(self, late: LateArrival) -> SafeString | str:
        if late.record is None:
            return "–"
        link = reverse("admin:hub_syncrecord_change", args=[late.record.pk])
        return format_html('<a class="ch-link" href="{}">{}</a>', link, late.record.number or late.record)
