"""The posting journal: every effect on the books, to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hub.admin.filters import CountedFilter, CurrencyFilter, FlowFilter, RangeDateFilter
from hub.admin.masking import pretty
from hub.admin.unfolded import LookOnly, display
from hub.admin.words import COLOURS, amount_cell, day, heading, long, moment, unbroken
from hub.models import Posting


@admin.register(Posting)
class PostingAdmin(LookOnly):
    list_display = ("what", "key", "day", "asked", "answered", "state_label", "target", "in_the_books")
    list_display_links = ("what",)
    list_select_related = ("target",)
    list_filter = (
        FlowFilter,
        "target",
        "resource",
        "state",
        ("date", RangeDateFilter),
        CurrencyFilter,
        CountedFilter,
        ("record__date", RangeDateFilter),
    )
    list_filter_submit = True
    search_fields = ("natural_key", "remote_number__exact", "remote_id__exact")
    search_help_text = "Number, e-mail address or SKU"
    ordering = ("-id",)
    fields = (
        "what", "key", "record_link", "target", "state", "day", "asked", "answered", "in_the_books", "origin", "note",
        "sent_when", "completed_when", "sent",
    )  # fmt: skip

    def get_paginator(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """What the equation counts has a number here, too: it is of some days, never of all of history."""
        return (
            Paginator(*args, **options)
            if request.GET.get("counted")
            else super().get_paginator(request, *args, **options)
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Posting journal"})

    @display(description="document", ordering="resource")
    def what(self, posting: Posting) -> str:
        return heading(posting.resource)

    @display(description="number, e-mail or SKU", ordering="natural_key")
    def key(self, posting: Posting) -> SafeString:
        return long(posting.remote_number or posting.natural_key)

    @display(description="date", ordering="date")
    def day(self, posting: Posting) -> SafeString:
        return unbroken(day(posting.date))

    @display(description="sent")
    def sent_when(self, posting: Posting) -> str:
        return moment(posting.sent_at)

    @display(description="finished")
    def completed_when(self, posting: Posting) -> str:
        return moment(posting.completed_at)

    @display(description="origin")
    def origin(self, posting: Posting) -> str:
        return "was in the books already, and is ours" if posting.adopted else "made by us"

    @display(description="we asked for", ordering="total")
    def asked(self, posting: Posting) -> SafeString:
        return amount_cell(posting.total, posting.currency)

    @display(description="the books hold", ordering="booked")
    def answered(self, posting: Posting) -> SafeString:
        return amount_cell(posting.booked, posting.currency)

    @display(
        description="state", ordering="state", label={str(state): COLOURS.get(state, "") for state in Posting.State}
    )
    def state_label(self, posting: Posting) -> tuple[str, str]:
        return posting.state, posting.get_state_display()

    @display(description="open")
    def in_the_books(self, posting: Posting) -> SafeString | str:
        if not posting.url:
            return posting.remote_id or "–"
        return format_html(
            '<a class="ch-link" href="{}" target="_blank" rel="noopener noreferrer">in the books</a>', posting.url
        )

    @display(description="record")
    def record_link(self, posting: Posting) -> SafeString | str:
        if posting.record is None:
            return "–"
        link = reverse("admin:hub_syncrecord_change", args=[posting.record.pk])
        return format_html('<a class="ch-link" href="{}">{}</a>', link, posting.record.number or posting.record)

    @display(description="exactly what was sent")
    def sent(self, posting: Posting) -> SafeString:
        return format_html('<pre class="ch-pre">{}</pre>', pretty(posting.document))
