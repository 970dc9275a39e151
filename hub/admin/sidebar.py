"""What Unfold asks of every page: the sidebar by what people do, the tabs, and our own style."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from hub.alerts import open_alerts
from hub.models import Conflict, Discrepancy, SyncRecord

Item = dict[str, Any]
State = SyncRecord.State


def style(request: HttpRequest) -> str:
    return static("hub/hub.css")


def script(request: HttpRequest) -> str:
    return static("hub/hub.js")


def navigation(request: HttpRequest) -> list[Item]:
    return [
        {"items": _daily(request)},
        _group("Month end", _month_end(request), collapsible=False),
        _group("Set up", _set_up(), collapsible=False),
        _group("Look closer", _look_closer()),
        _group("People", _people()),
    ]


def tabs(request: HttpRequest) -> list[Item]:
    return [
        _tabs(
            ("mappings.lookup", "Tables", "admin:mappings_lookup_changelist"),
            ("mappings.lookuprow", "All rows: import and export", "admin:mappings_lookuprow_changelist"),
        ),
        _exactly(
            request,
            _tabs(
                ("hub.taxrow", "Tax table", "admin:hub_taxrow_changelist"),
                ("hub.taxrow", "Not in the table", "admin:hub_taxrow_missing"),
            ),
        ),
        _tabs(
            ("hub.deposit", "Deposits", "admin:hub_deposit_changelist"),
            ("hub.payoutfile", "Files", "admin:hub_payoutfile_changelist"),
        ),
        _tabs(
            ("hub.rate", "Exchange rates", "admin:hub_rate_changelist"),
            ("hub.ratesource", "Where they come from", "admin:hub_ratesource_changelist"),
        ),
        _tabs(
            ("django_q.schedule", "Scheduled", "admin:django_q_schedule_changelist"),
            ("django_q.ormq", "Queued", "admin:django_q_ormq_changelist"),
            ("django_q.failure", "Failed", "admin:django_q_failure_changelist"),
            ("django_q.success", "Done", "admin:django_q_success_changelist"),
        ),
    ]


def _daily(request: HttpRequest) -> list[Item]:
    at, state, waiting = request.path, request.GET.get("state", ""), _waiting()
    records, dead = reverse("admin:hub_syncrecord_changelist"), reverse("admin:hub_dead_letters")
    return [
        {"title": "Home", "icon": "home", "link": reverse("admin:index")},
        _item("Dead letters", "mark_email_unread", "admin:hub_dead_letters", "hub.view_syncrecord")
        | {"active": at == dead, **_badge(waiting, State.FAILED, "danger")},
        _item("Held", "pan_tool", "admin:hub_syncrecord_changelist", "hub.view_syncrecord", "?state=held")
        | {"active": at == records and state == "held", **_badge(waiting, State.HELD, "warning")},
        _item("Alerts", "notifications_active", "admin:hub_alert_changelist", "hub.view_alert") | _alerts(),
        _item("Conflicts", "call_split", "admin:hub_conflict_inbox", "hub.view_conflict") | _conflicts(at),
        _item("Reconciliation", "balance", "admin:hub_reconciliation_changelist", "hub.view_reconciliation")
        | _discrepancies(at),
        _item("Records", "receipt_long", "admin:hub_syncrecord_changelist", "hub.view_syncrecord")
        | {"active": at.startswith(records) and at != dead and state != "held"},
        _item("Clients", "groups", "admin:hub_booksclient_changelist", "hub.view_booksclient"),
        _item("Reports", "summarize", "reports", "hub.export_reports") | {"active": at.startswith(reverse("reports"))},
    ]


def _month_end(request: HttpRequest) -> list[Item]:
    at, month, closed = request.path, reverse("admin:hub_month"), reverse("admin:hub_closedmonth_changelist")
    return [
        _item("Month", "calendar_month", "admin:hub_month", "hub.view_syncrecord") | {"active": at == month},
        _item("Payouts", "account_balance", "admin:hub_deposit_changelist", "hub.view_deposit") | _payouts(at),
        _item("Late arrivals", "event_upcoming", "admin:hub_latearrival_changelist", "hub.view_latearrival"),
        _item("Closed months", "lock", "admin:hub_closedmonth_changelist", "hub.view_closedmonth")
        | {"active": at.startswith(closed) and at != month},
    ]


def _set_up() -> list[Item]:
    return [
        _item("Connections", "cable", "admin:connectors_connection_changelist", "connectors.view_connection"),
        _item("Flows", "conversion_path", "admin:hub_flow_changelist", "hub.view_flow"),
        _item("Backfills", "history", "admin:hub_backfill_changelist", "hub.view_backfill"),
        _item("Mappings", "rule", "admin:mappings_mapping_changelist", "mappings.view_mapping"),
        _item("Tax table", "percent", "admin:hub_taxrow_changelist", "hub.view_taxrow"),
        _item("Exchange rates", "currency_exchange", "admin:hub_rate_changelist", "hub.view_rate"),
        _item("Lookup tables", "table", "admin:mappings_lookup_changelist", "mappings.view_lookup"),
    ]


def _look_closer() -> list[Item]:
    return [
        _item("Posting journal", "menu_book", "admin:hub_posting_changelist", "hub.view_posting"),
        _item("Events", "notifications", "admin:hub_event_changelist", "hub.view_event"),
        _item("Webhook requests", "webhook", "admin:hub_webhookrequest_changelist", "hub.view_webhookrequest"),
        _item("Background jobs", "schedule", "admin:django_q_schedule_changelist", "django_q.view_schedule"),
    ]


def _people() -> list[Item]:
    return [
        _item("Users", "person", "admin:auth_user_changelist", "auth.view_user"),
        _item("Groups", "group", "admin:auth_group_changelist", "auth.view_group"),
    ]


def _group(title: str, items: list[Item], *, collapsible: bool = True) -> Item:
    return {"title": title, "separator": True, "collapsible": collapsible, "items": items}


def _item(title: str, icon: str, page: str, permission: str, query: str = "") -> Item:
    return {"title": title, "icon": icon, "link": reverse(page) + query, "permission": _may(permission)}


def _waiting() -> dict[str, int]:
    """State → how many records wait in it for a person."""
    found = SyncRecord.objects.filter(state__in=[State.FAILED, State.HELD]).order_by().values_list("state")
    return dict(found.annotate(Count("pk")))


def _badge(waiting: dict[str, int], state: str, variant: str) -> Item:
    """Nothing where nothing waits."""
    return {"badge": f"{waiting[state]:,}", "badge_variant": variant} if state in waiting else {}


def _alerts() -> Item:
    number = open_alerts().count()
    return {"badge": f"{number:,}", "badge_variant": "warning"} if number else {}


def _conflicts(at: str) -> Item:
    number = Conflict.objects.filter(closed_at=None, kept="").count()
    badge = {"badge": f"{number:,}", "badge_variant": "warning"} if number else {}
    return {"active": at.startswith(reverse("admin:hub_conflict_changelist")), **badge}


def _discrepancies(at: str) -> Item:
    """Both pages: the runs, and what they have found."""
    pages = (reverse("admin:hub_reconciliation_changelist"), reverse("admin:hub_discrepancy_changelist"))
    number = Discrepancy.objects.filter(state__in=Discrepancy.UNSETTLED).count()
    badge = {"badge": f"{number:,}", "badge_variant": "danger"} if number else {}
    return {"active": at.startswith(pages), **badge}


def _payouts(at: str) -> Item:
    """The deposits, their rows, and the files that told of them."""
    pages = ("deposit", "depositrow", "payoutfile")
    return {"active": at.startswith(tuple(reverse(f"admin:hub_{page}_changelist") for page in pages))}


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _tabs(*pages: tuple[str, str, str]) -> Item:
    return {
        "models": [model for model, _, _ in pages],
        "items": [{"title": title, "link": reverse(page)} for _, title, page in pages],
    }


def _exactly(request: HttpRequest, tabs: Item) -> Item:
    """Of pages one of whose addresses begins with the other's, only the one that is open stands out."""
    items = [{**item, "active": request.path == item["link"]} for item in tabs["items"]]
    return {**tabs, "items": items}
