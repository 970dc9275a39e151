"""What came in: webhook requests as received, and the notices they held. To look at."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateTimeFilter

from hub.admin.filters import ConnectionFilter, WithoutRecordFilter
from hub.admin.masking import pretty, readable_body
from hub.admin.unfolded import LookOnly, display
from hub.admin.words import COLOURS, moment, unbroken
from hub.models import Event, WebhookRequest


@admin.register(WebhookRequest)
class WebhookRequestAdmin(LookOnly):
    list_display = ("received", "connection", "state_label", "problem")
    list_filter = (ConnectionFilter, "state", ("received_at", RangeDateTimeFilter))
    list_filter_submit = True
    list_select_related = ("connection",)
    fields = ("connection", "received", "state", "problem", "shown_headers", "shown_query", "shown_body")

    @display(description="received", ordering="received_at")
    def received(self, request: WebhookRequest) -> SafeString:
        return unbroken(moment(request.received_at))

    @display(description="state", ordering="state", label={str(s): COLOURS.get(s, "") for s in WebhookRequest.State})
    def state_label(self, request: WebhookRequest) -> tuple[str, str]:
        return request.state, request.get_state_display()

    @display(description="headers")
    def shown_headers(self, request: WebhookRequest) -> SafeString:
        return _block(pretty(request.headers))

    @display(description="query")
    def shown_query(self, request: WebhookRequest) -> SafeString:
        return _block(pretty(request.query))

    @display(description="body")
    def shown_body(self, request: WebhookRequest) -> SafeString:
        return _block(readable_body(request.body))

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookRequest]:
        found = super().get_queryset(request)
        return found if "object_id" in _arguments(request) else found.defer("body", "headers", "query")


@admin.register(Event)
class EventAdmin(LookOnly):
    list_display = ("received", "connection", "door", "resource", "named", "changed", "problem")
    list_filter = (ConnectionFilter, "door", "resource", ("received_at", RangeDateTimeFilter), WithoutRecordFilter)
    list_filter_submit = True
    list_select_related = ("connection",)
    search_fields = ("source_id__exact", "lookup__exact", "key__exact")
    search_help_text = "Id in the source"
    fields = ("connection", "received", "door", "resource", "named", "changed", "key", "request", "asked", "problem")

    @display(description="received", ordering="received_at")
    def received(self, event: Event) -> SafeString:
        return unbroken(moment(event.received_at))

    @display(description="id in the source", ordering="source_id")
    def named(self, event: Event) -> str:
        return event.source_id or event.lookup

    @display(description="changed there", ordering="changed_at")
    def changed(self, event: Event) -> SafeString:
        return unbroken(moment(event.changed_at))

    @display(description="asks the source which record it is")
    def asked(self, event: Event) -> str:
        return moment(event.resolve_at)


def _block(text: str) -> SafeString:
    return format_html('<pre class="ch-pre">{}</pre>', text)


def _arguments(request: HttpRequest) -> dict[str, object]:
    return request.resolver_match.kwargs if request.resolver_match else {}
