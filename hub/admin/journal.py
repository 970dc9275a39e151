"""The posting journal: every effect on the books, to look at."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hub.admin.filters import FlowFilter, RangeDateFilter
from hub.admin.masking import pretty
from hub.admin.unfolded import LookOnly, display
from hub.admin.words import COLOURS, amount_cell, heading
from hub.models import Posting


@admin.register(Posting)
class PostingAdmin(LookOnly):
    list_display = ("what", "natural_key", "date", "asked", "answered", "state_label", "target", "in_the_books")
    list_display_links = ("what",)
    list_select_related = ("target",)
    list_filter = (FlowFilter, "target", "resource", "state", ("date", RangeDateFilter))
    list_filter_submit = True
    search_fields = ("natural_key", "remote_number__exact", "remote_id__exact")
    search_help_text = "Number, e-mail address or SKU"
    ordering = ("-id",)
    fields = (
        "target", "resource", "natural_key", "record_link", "state", "date", "asked", "answered", "remote_number",
        "in_the_books", "adopted", "note", "sent_at", "completed_at", "sent",
    )  # fmt: skip

    @display(description="document", ordering="resource")
    def what(self, posting: Posting) -> str:
        return heading(posting.resource)

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
        return format_html('<a class="ch-link" href="{}">{}</a>', link, posting.record)

    @display(description="exactly what was sent")
    def sent(self, posting: Posting) -> SafeString:
        return format_html('<pre class="ch-pre">{}</pre>', pretty(posting.document))
