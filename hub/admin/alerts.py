"""Alerts: what the hub has noticed by itself, on the home page while it is open, and in a list for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import RangeDateTimeFilter

from hub.admin.unfolded import LookOnly, display
from hub.admin.words import count, moment, unbroken
from hub.alerts import end_alert, open_alerts
from hub.models import Alert

if TYPE_CHECKING:
    from hub.admin.unfolded import ModelAdmin

SHOWN = 5
"""On the home page; the list has them all."""
SEEN_TO = "hub.end_alert"


@dataclass(frozen=True)
class Look:
    """How a kind of alert is dressed. `tone` is that of a verdict, `label` the colour in a list; the gravest first."""

    rank: int
    tone: str
    label: str
    icon: str


LOOKS: dict[str, Look] = {
    Alert.Kind.RESTORED: Look(0, "ch-bad", "danger", "settings_backup_restore"),
    Alert.Kind.SILENCE: Look(1, "ch-bad", "danger", "volume_off"),
    Alert.Kind.RATES: Look(2, "ch-warn", "warning", "currency_exchange"),
    Alert.Kind.GAP: Look(2, "ch-warn", "warning", "format_list_numbered"),
    Alert.Kind.MISSING: Look(3, "ch-plain", "info", "playlist_add_check"),
}


def banner() -> dict[str, object]:
    """What the home page shows: the gravest, then the newest; and how many there are."""
    found = sorted(open_alerts(), key=lambda alert: LOOKS[alert.kind].rank)
    shown = [{"alert": alert, "look": LOOKS[alert.kind]} for alert in found[:SHOWN]]
    return {"alerts": shown, "more_alerts": max(len(found) - SHOWN, 0)}


@require_POST
def see_to(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    if not request.user.has_perm(SEEN_TO):
        raise PermissionDenied
    alert = get_object_or_404(Alert, pk=pk)
    if end_alert(alert.kind, alert.key, by=request.user.get_username()):
        messages.success(request, "It is off the home page. The list of alerts keeps it, with your name.")
    return redirect("admin:index")


@admin.register(Alert)
class AlertAdmin(LookOnly):
    list_display = ("raised", "kind_label", "message", "ended")
    list_display_links = ("raised",)
    list_filter = ("kind", ("ended_at", admin.EmptyFieldListFilter), ("raised_at", RangeDateTimeFilter))
    list_filter_submit = True
    fields = ("raised", "kind", "message", "remedy", "ended")
    actions = ("see_to_selected",)
    custom_urls = (("<int:pk>/seen/", "hub_alert_seen", see_to),)

    @display(description="noticed", ordering="raised_at")
    def raised(self, alert: Alert) -> SafeString:
        return unbroken(moment(alert.raised_at))

    @display(description="kind", ordering="kind", label={str(kind): look.label for kind, look in LOOKS.items()})
    def kind_label(self, alert: Alert) -> tuple[str, str]:
        return alert.kind, alert.get_kind_display()

    @display(description="ended", ordering="ended_at", empty_value="open")
    def ended(self, alert: Alert) -> str | None:
        how = f"by {alert.ended_by}" if alert.ended_by else "by itself"
        return f"{moment(alert.ended_at)}, {how}" if alert.ended_at else None

    @admin.action(description="I have seen to the selected alerts", permissions=["end"])
    def see_to_selected(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        by = request.user.get_username()
        ended = sum(end_alert(alert.kind, alert.key, by) for alert in queryset.filter(ended_at=None))
        messages.success(request, f"{count(ended, 'alert')} seen to.")

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEEN_TO)
