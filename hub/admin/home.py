"""The home page: do the books agree, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from connectors.models import Connection
from hub.admin.alerts import SEEN_TO, banner
from hub.admin.equation import shown
from hub.admin.months import Month, month_of
from hub.admin.words import COLOURS, amounts
from hub.books.agreement import agreement
from hub.models import Attempt, Event, Flow, SyncRecord


@dataclass(frozen=True)
class Waiting:
    """Records in one state, with what they are worth; `link` lists them."""

    number: int
    worth: str
    """Empty where nothing of it is known to be worth an amount, such as a customer."""
    link: str


@dataclass(frozen=True)
class Tile:
    connection: Connection
    label: str
    colour: str
    offers_login: bool


@dataclass(frozen=True)
class FirstStep:
    title: str
    explanation: str
    link: str
    done: bool
    next: bool
    """The first that is not done."""


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's callback: everything that templates/admin/index.html shows."""
    context |= {"title": "Home", "may_look": request.user.has_perm("hub.view_syncrecord")}
    if not context["may_look"]:
        return context
    connections = list(Connection.objects.all())
    steps = first_steps(connections)
    return context | {
        "first_steps": [] if all(step.done for step in steps) else steps,
        "failed": waiting(SyncRecord.State.FAILED, reverse("admin:hub_dead_letters")),
        "held": waiting(SyncRecord.State.HELD, _listed("held")),
        **banner(),
        "may_see_to": request.user.has_perm(SEEN_TO),
        "tiles": [tile(connection) for connection in connections],
        "last_event": Event.objects.values_list("received_at", flat=True).first(),
        "last_attempt": Attempt.objects.values_list("started_at", flat=True).first(),
        **books(month_of(request.GET.get("month", ""), timezone.localdate())),
    }


def books(month: Month) -> dict[str, Any]:
    """The agreement of one month, row by row, with a plain sentence for whatever is wrong."""
    return {"month": month, **shown(agreement(month.first, month.last), month)}


def waiting(state: str, link: str) -> Waiting | None:
    """None when there is nothing: then the page says nothing about it."""
    sums = (
        SyncRecord.objects.filter(state=state).order_by().values("currency").annotate(n=Count("pk"), worth=Sum("total"))
    )
    found = list(sums)
    if not found:
        return None
    worth: dict[str, Decimal] = {row["currency"]: row["worth"] for row in found if row["currency"]}
    return Waiting(sum(row["n"] for row in found), amounts(worth) if worth else "", link)


def tile(connection: Connection) -> Tile:
    return Tile(
        connection=connection,
        label=connection.connector_class.label,
        colour=COLOURS.get(connection.state, ""),
        offers_login=connection.connector_class.offers("authorize_url"),
    )


def first_steps(connections: list[Connection]) -> list[FirstStep]:
    """The way from nothing to the first invoice."""
    roles = {connection.role for connection in connections}
    add = reverse("admin:connectors_connection_add")
    flows = reverse("admin:hub_flow_changelist" if Flow.objects.exists() else "admin:hub_flow_add")
    steps = (
        ("1. Connect a store", "Where the orders come from.", add, bool(roles & {"store", "crm"})),
        ("2. Connect the books", "Where the invoices go.", add, "books" in roles),
        (
            "3. Switch on a flow",
            "It says what becomes of each order. The accounting choices are ready to use; look through them once.",
            flows,
            Flow.objects.filter(enabled=True).exists(),
        ),
    )
    following = next((title for title, _, _, done in steps if not done), "")
    return [FirstStep(title, words, link, done, title == following) for title, words, link, done in steps]


def _listed(state: str) -> str:
    return f"{reverse('admin:hub_syncrecord_changelist')}?state={state}"
