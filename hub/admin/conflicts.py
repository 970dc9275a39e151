"""Conflicts: fields that were changed in the store and in the books, side by side, with a button under each value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from hub.admin.unfolded import LookOnly, display
from hub.admin.words import heading, moment, unbroken
from hub.engine import decisions
from hub.engine.counterparts.conflicts import decide
from hub.models import Conflict

if TYPE_CHECKING:
    from hub.admin.unfolded import ModelAdmin

MAY_DECIDE = "hub.decide_conflict"
PAGE = 25


@dataclass(frozen=True)
class Choice:
    """One of the two values: where it stands, what it says, when it was changed there."""

    side: str
    where: str
    lines: list[str]
    changed: str
    chosen: bool


def inbox(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    waiting = Conflict.objects.filter(closed_at=None).select_related("record__flow__source", "record__flow__target")
    page = Paginator(waiting.order_by("pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Conflicts",
        "page": page,
        "conflicts": [{"conflict": one, "title": title(one), "choices": choices(one)} for one in page],
        "may_decide": request.user.has_perm(MAY_DECIDE),
    }
    return TemplateResponse(request, "admin/hub/conflicts.html", context)


@require_POST
def choose(request: HttpRequest, pk: int, kept: str, model_admin: ModelAdmin) -> HttpResponse:
    """The person decides about the values that the page has shown, whatever they are by now."""
    if not request.user.has_perm(MAY_DECIDE):
        raise PermissionDenied
    conflict = get_object_or_404(Conflict, pk=pk)
    try:
        if request.POST.get("seen") != seen(conflict):
            raise decisions.Undecidable("One of the two was changed once more meanwhile; look at the values again")
        decide(conflict, kept, request.user)
        messages.success(request, "Decided. Both sides will hold this value in a moment.")
    except decisions.Undecidable as error:
        messages.error(request, f"{error}.")
    return redirect("admin:hub_conflict_inbox")


def title(conflict: Conflict) -> str:
    return f"{heading(conflict.field)} of {conflict.record.who or conflict.record}"


def choices(conflict: Conflict) -> list[Choice]:
    flow = conflict.record.flow
    sides = (
        ("source", flow.source, conflict.source_value, conflict.source_changed_at),
        ("target", flow.target, conflict.target_value, conflict.target_changed_at),
    )
    return [
        Choice(
            side,
            f"{where} ({where.connector_class.label})",
            said(value),
            moment(at) if at else "",
            conflict.kept == side,
        )
        for side, where, value, at in sides
    ]


def said(value: Any) -> list[str]:
    """An address in the lines of an envelope."""
    if isinstance(value, dict):
        town = " ".join(filter(None, (value.get("postcode"), value.get("city"))))
        region = value.get("region") or value.get("region_code")
        lines = (value.get("street"), value.get("street2"), town, region, value.get("country"))
        return [line for line in lines if line]
    return [str(value)] if value else ["(empty)"]


def seen(conflict: Conflict) -> str:
    return f"{conflict.source_value} / {conflict.target_value}"


@admin.register(Conflict)
class ConflictAdmin(LookOnly):
    """All that there ever were."""

    list_display = ("what", "whose", "opened", "outcome")
    list_display_links = ("what",)
    list_filter = ("field", ("closed_at", admin.EmptyFieldListFilter))
    fields = ("what", "whose", "record", "in_the_source", "in_the_target", "opened", "outcome")
    custom_urls = (
        ("inbox/", "hub_conflict_inbox", inbox),
        ("<int:pk>/keep/<slug:kept>/", "hub_conflict_choose", choose),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conflict]:
        return (
            super().get_queryset(request).select_related("record__flow__source", "record__flow__target", "decided_by")
        )

    @display(description="field", ordering="field")
    def what(self, conflict: Conflict) -> str:
        return heading(conflict.field)

    @display(description="of")
    def whose(self, conflict: Conflict) -> str:
        return conflict.record.who or str(conflict.record)

    @display(description="on one side")
    def in_the_source(self, conflict: Conflict) -> str:
        return f"{conflict.record.flow.source}: {', '.join(said(conflict.source_value))}"

    @display(description="on the other side")
    def in_the_target(self, conflict: Conflict) -> str:
        return f"{conflict.record.flow.target}: {', '.join(said(conflict.target_value))}"

    @display(description="noticed", ordering="opened_at")
    def opened(self, conflict: Conflict) -> SafeString:
        return unbroken(moment(conflict.opened_at))

    @display(description="outcome")
    def outcome(self, conflict: Conflict) -> SafeString | str:
        if not conflict.kept and not conflict.closed_at:
            return format_html('<a class="ch-link" href="{}">Waits for you</a>', reverse("admin:hub_conflict_inbox"))
        if not conflict.kept:
            return "Settled by itself"
        flow, by = conflict.record.flow, f" by {conflict.decided_by}" if conflict.decided_by else ""
        side = flow.source if conflict.kept == Conflict.Side.SOURCE else flow.target
        return f"The value in {side} was chosen{by}"
