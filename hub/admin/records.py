"""Sync records: the list, and one page for each that tells its story and offers what can be done."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst

from hub.admin.dead_letters import dead_letters, retry_group
from hub.admin.decide import buttons, decide
from hub.admin.filters import (
    BackfillFilter,
    CauseFilter,
    CurrencyFilter,
    FindingsFilter,
    FlowFilter,
    RangeDateFilter,
    ReasonFilter,
    StateFilter,
)
from hub.admin.story import story, worth
from hub.admin.unfolded import LookOnly, display
from hub.admin.words import COLOURS, amount_cell, count, day, heading, unbroken
from hub.engine import decisions
from hub.models import Flow, SyncRecord


@admin.register(SyncRecord)
class SyncRecordAdmin(LookOnly):
    paginator = Paginator  # how many there are is worth a count here
    show_full_result_count = True
    list_display = ("name", "customer", "day", "amount", "state_label", "why", "flow")
    list_display_links = ("name",)
    list_select_related = ("flow",)
    list_filter = (
        FlowFilter,
        StateFilter,
        ("date", RangeDateFilter),
        ReasonFilter,
        CurrencyFilter,
        FindingsFilter,
        CauseFilter,
        BackfillFilter,
    )
    list_filter_submit = True
    search_fields = ("number", "source_id__exact", "who")
    search_help_text = "Number, e-mail address or name"
    actions = ("retry_selected",)
    custom_urls = (
        ("dead-letters/", "hub_dead_letters", dead_letters),
        ("dead-letters/retry/", "hub_dead_letters_retry", retry_group),
        ("<int:pk>/decide/<slug:what>/", "hub_syncrecord_decide", decide),
    )

    def get_list_display(self, request: HttpRequest) -> Any:
        """The flow is said where there are several."""
        several = Flow.objects.count() > 1
        return self.list_display if several else [name for name in self.list_display if name != "flow"]

    @display(description="number", ordering="number")
    def name(self, record: SyncRecord) -> SafeString:
        return unbroken(record.number or record.source_id)

    @display(description="customer", ordering="who")
    def customer(self, record: SyncRecord) -> SafeString:
        name, _, email = record.who.partition(" <")
        cell = '<span class="ch-long">{}<br><span class="ch-quiet ch-small">{}</span></span>'
        return format_html(cell, name or "–", email.rstrip(">"))

    @display(description="date", ordering="date")
    def day(self, record: SyncRecord) -> SafeString:
        return unbroken(day(record.date))

    @display(description="amount", ordering="total")
    def amount(self, record: SyncRecord) -> SafeString | str:
        return amount_cell(record.total, record.currency) if record.currency else worth(record) or "–"

    @display(
        description="state", ordering="state", label={str(state): COLOURS.get(state, "") for state in SyncRecord.State}
    )
    def state_label(self, record: SyncRecord) -> tuple[str, str]:
        return record.state, record.get_state_display()

    @display(description="reason")
    def why(self, record: SyncRecord) -> str:
        told = [record.message, heading(record.reason), *(one["message"] for one in record.findings or ())]
        return capfirst(Truncator(next(filter(None, told), "")).chars(110))

    @admin.action(description="Try the selected records again", permissions=["retry"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[SyncRecord]) -> None:
        again = decisions.retry(queryset, request.user)
        messages.success(request, f"{count(again, 'record')} will be tried again.")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("hub.retry_syncrecord")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Records"})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        record: SyncRecord | None = self.get_object(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        tried = (extra_context or {}).get("tried")
        title = f"{heading(record.flow.source_resource)} {record.number or record.source_id}"
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "content_title": title,
            "model_admin": self,
            "story": story(record),
            "buttons": buttons(request, record, tried),
        }
        return TemplateResponse(request, "admin/hub/record.html", context, status=400 if tried else 200)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncRecord]:
        return super().get_queryset(request).select_related("flow__source", "flow__target")
