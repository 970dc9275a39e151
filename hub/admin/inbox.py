"""What came in: webhook requests as received, and the notices they held. To look at."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateTimeFilter

from hub.admin.masking import pretty, readable_body
from hub.admin.unfolded import LookOnly, display
from hub.admin.words import COLOURS
from hub.models import Event, WebhookRequest


@admin.register(WebhookRequest)
class WebhookRequestAdmin(LookOnly):
    list_display = ("received_at", "connection", "state_label", "problem")
    list_filter = ("connection", "state", ("received_at", RangeDateTimeFilter))
    list_filter_submit = True
    list_select_related = ("connection",)
    fields = ("connection", "received_at", "state", "problem", "shown_headers", "shown_query", "shown_body")

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
    list_display = ("received_at", "connection", "door", "resource", "named", "changed_at", "problem")
    list_filter = ("connection", "door", "resource", ("received_at", RangeDateTimeFilter))
    list_filter_submit = True
    list_select_related = ("connection",)
    search_fields = ("source_id__exact", "lookup__exact", "key__exact")
    fields = (
        "connection", "received_at", "door", "resource", "source_id", "lookup", "changed_at", "key", "request",
        "resolve_at", "problem",
    )  # fmt: skip

    @display(description="record", ordering="source_id")
    def named(self, event: Event) -> str:
        return event.source_id or event.lookup


def _block(text: str) -> SafeString:
    return format_html('<pre class="ch-pre">{}</pre>', text)


def _arguments(request: HttpRequest) -> dict[str, object]:
    return request.resolver_match.kwargs if request.resolver_match else {}
