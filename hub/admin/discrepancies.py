"""Discrepancies: what reconciliations have found, the three sides of each, and the buttons that mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from connectors.errors import ConnectorError
from hub.admin.discrepancy_page import page
from hub.admin.filters import FlowFilter, RangeDateFilter
from hub.admin.reconciliations import MAY, require_permission
from hub.admin.unfolded import LookOnly, ModelAdmin, display
from hub.admin.words import amount_cell, day, long, unbroken
from hub.books.reconciliation.checking import NotNow, check
from hub.books.reconciliation.kinds import KINDS
from hub.books.reconciliation.mending import Unmendable, mend
from hub.models import Discrepancy

if TYPE_CHECKING:
    DropdownFilter = SimpleListFilter
else:
    from unfold.contrib.filters.admin import DropdownFilter

State = Discrepancy.State
COLOURS = {State.OPEN: "danger", State.MENDED: "warning", State.ACCEPTED: "info", State.CLOSED: "success"}


class KindFilter(DropdownFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(kind.slug, kind.label) for kind in KINDS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class StateFilter(DropdownFilter):
    title = "state"
    parameter_name = "state"
    UNSETTLED = "unsettled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(self.UNSETTLED, "Open or being mended"), *((str(one), capfirst(one.label)) for one in State)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == self.UNSETTLED:
            return queryset.filter(state__in=Discrepancy.UNSETTLED)
        return queryset.filter(state=self.value()) if self.value() else queryset


class RunFilter(DropdownFilter):
    """Only ever set by a link from a reconciliation."""

    title = "reconciliation"
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        chosen = request.GET.get("run", "")
        return [(chosen, f"number {chosen}")] if chosen.isdecimal() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(last_run=self.value()) if self.value() else queryset


@require_POST
def act(request: HttpRequest, pk: int, what: str, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    one = _named(pk)
    try:
        mend(one, what, request.user, reason=request.POST.get("reason", ""))
    except Unmendable as error:
        messages.error(request, f"{error}.")
    else:
        done = (
            "Accepted, with your reason kept."
            if one.state == State.ACCEPTED
            else "It is on its way: check it again in a moment."
        )
        messages.success(request, done)
    return redirect("admin:hub_discrepancy_change", pk)


@require_POST
def check_again(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Reads just this order on all sides."""
    require_permission(request)
    try:
        one = check(_named(pk))
    except (NotNow, ConnectorError) as error:
        messages.warning(request, f"{capfirst(str(error))}.")
    else:
        _say(request, one)
    return redirect("admin:hub_discrepancy_change", pk)


def _say(request: HttpRequest, one: Discrepancy) -> None:
    if one.state == State.CLOSED:
        messages.success(request, "The sides agree by now: closed.")
    else:
        messages.warning(request, "The sides still differ.")


def _named(pk: int) -> Discrepancy:
    rows = Discrepancy.objects.select_related("flow__source", "flow__target", "flow__version", "record__flow")
    return get_object_or_404(rows, pk=pk)


@admin.register(Discrepancy)
class DiscrepancyAdmin(LookOnly):
    list_display = ("number_label", "kind_label", "state_label", "of_day", "amount_label", "who", "flow")
    list_display_links = ("number_label",)
    list_select_related = ("flow",)
    list_filter = (StateFilter, KindFilter, FlowFilter, ("date", RangeDateFilter), RunFilter)
    search_fields = ("number", "natural_key", "who")
    custom_urls = (
        ("<int:pk>/mend/<slug:what>/", "hub_discrepancy_act", act),
        ("<int:pk>/check/", "hub_discrepancy_check", check_again),
    )

    @display(description="document", ordering="natural_key")
    def number_label(self, one: Discrepancy) -> SafeString:
        return long(one.natural_key)

    @display(description="what is wrong", ordering="kind")
    def kind_label(self, one: Discrepancy) -> str:
        return KINDS[one.kind].label

    @display(description="state", ordering="state", label={str(state): colour for state, colour in COLOURS.items()})
    def state_label(self, one: Discrepancy) -> tuple[str, str]:
        return one.state, one.get_state_display()

    @display(description="date", ordering="date")
    def of_day(self, one: Discrepancy) -> SafeString:
        return unbroken(day(one.date))

    @display(description="amount", ordering="amount")
    def amount_label(self, one: Discrepancy) -> SafeString:
        return amount_cell(one.amount, one.currency)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if self.get_object(request, object_id) is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        one = _named(int(object_id))
        if not self.has_view_permission(request, one):
            raise PermissionDenied
        title = f"{KINDS[one.kind].label}: {one.natural_key}"
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "content_title": title,
            "model_admin": self,
            "page": page(one),
            "may_act": request.user.has_perm(MAY),
        }
        return TemplateResponse(request, "admin/hub/discrepancy.html", context)
