"""Deposits of payment gateways: each explained as orders − refunds − fees, and the buttons that explain the rest."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from hub.admin.deposit_page import page
from hub.admin.filters import CurrencyFilter, RangeDateFilter
from hub.admin.payout_permission import MAY, require_permission
from hub.admin.unfolded import LookOnly, ModelAdmin, display
from hub.admin.words import amount_cell, count, day, figure, unbroken
from hub.books.payouts import deciding, fees
from hub.models import Deposit, DepositMatch, DepositRow

if TYPE_CHECKING:
    DropdownFilter = SimpleListFilter
else:
    from unfold.contrib.filters.admin import DropdownFilter


class ExplainedFilter(DropdownFilter):
    title = "explained"
    parameter_name = "explained"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("no", "Not to the cent"), ("yes", "To the cent")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        open = Q(unexplained_rows__gt=0) | Q(stated__isnull=False) & ~Q(stated=F("explained"))
        match self.value():
            case "no":
                return queryset.filter(open)
            case "yes":
                return queryset.exclude(open)
        return queryset


@require_POST
def look_again(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    found = deciding.look_again(get_object_or_404(Deposit.objects.select_related("books"), pk=pk))
    messages.success(request, f"{count(found, 'row')} more explained." if found else "Nothing new was found.")
    return redirect("admin:hub_deposit_change", pk)


@require_POST
def post_fees(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    if fees.ask(get_object_or_404(Deposit, pk=pk)):
        messages.success(request, "The hub looks in the books, and posts what is missing there.")
    else:
        messages.error(request, "There is nothing to post, or somebody was quicker. Look again.")
    return redirect("admin:hub_deposit_change", pk)


@require_POST
def accept(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    match = get_object_or_404(DepositMatch.objects.select_related("row"), pk=pk)
    return _decided(request, match.row, lambda: deciding.accept(match, request.user))


@require_POST
def explain(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    row = get_object_or_404(DepositRow, pk=pk)
    return _decided(request, row, lambda: deciding.explain(row, request.POST.get("reason", ""), request.user))


@require_POST
def undo(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    row = get_object_or_404(DepositRow, pk=pk)
    return _decided(request, row, lambda: deciding.undo(row))


def _decided(request: HttpRequest, row: DepositRow, decide: Any) -> HttpResponse:
    try:
        decide()
    except deciding.Undecidable as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Done. The deposit was added up again.")
    return (
        redirect("admin:hub_deposit_change", row.deposit_id)
        if row.deposit_id
        else redirect("admin:hub_deposit_changelist")
    )


def _cell(amount: Decimal, deposit: Deposit) -> SafeString:
    """The currency stands once, beside the deposit."""
    return format_html('<span class="ch-num">{}</span>', figure(amount or None, deposit.currency))


@admin.register(Deposit)
class DepositAdmin(LookOnly):
    list_display = ("paid", "gateway", "payout_name", "verdict", "received", "refunded", "kept", "other", "total")
    list_display_links = ("paid",)
    list_filter = (ExplainedFilter, "gateway", "books", ("date", RangeDateFilter), CurrencyFilter)
    list_filter_submit = True
    search_fields = ("payout",)
    search_help_text = "Payout"
    change_list_template = "admin/hub/payouts.html"
    custom_urls = (
        ("<int:pk>/look-again/", "hub_deposit_look_again", look_again),
        ("<int:pk>/post-fees/", "hub_deposit_post_fees", post_fees),
        ("match/<int:pk>/accept/", "hub_deposit_accept", accept),
        ("row/<int:pk>/explain/", "hub_deposit_explain", explain),
        ("row/<int:pk>/undo/", "hub_deposit_undo", undo),
    )

    @display(description="paid", ordering="date")
    def paid(self, deposit: Deposit) -> SafeString:
        return unbroken(day(deposit.date) if deposit.payout else "not yet")

    @display(description="payout", ordering="payout")
    def payout_name(self, deposit: Deposit) -> str:
        return deposit.payout or "–"

    @display(description="orders")
    def received(self, deposit: Deposit) -> SafeString:
        return _cell(deposit.orders, deposit)

    @display(description="refunds")
    def refunded(self, deposit: Deposit) -> SafeString:
        return _cell(-deposit.refunds, deposit)

    @display(description="fees")
    def kept(self, deposit: Deposit) -> SafeString:
        return _cell(-deposit.fees, deposit)

    @display(description="other")
    def other(self, deposit: Deposit) -> SafeString:
        return _cell(deposit.chargebacks + deposit.adjustments, deposit)

    @display(description="deposit")
    def total(self, deposit: Deposit) -> SafeString:
        return amount_cell(deposit.amount, deposit.currency)

    @display(description="state", label={"explained": "success", "open": "danger", "waiting": ""})
    def verdict(self, deposit: Deposit) -> tuple[str, str]:
        if not deposit.payout:
            return "waiting", "not paid out yet"
        if deposit.unexplained_rows:
            return "open", f"{deposit.unexplained_rows:,} to explain"
        return ("open", "sum differs") if deposit.unexplained else ("explained", "explained")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deposit]:
        return super().get_queryset(request).select_related("books", "expense")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        said = {"title": "Deposits", "may_upload": request.user.has_perm(MAY)}
        return super().changelist_view(request, {**(extra_context or {}), **said})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        deposit: Deposit | None = self.get_object(request, object_id)
        if deposit is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_permission(request, deposit):
            raise PermissionDenied
        title = f"{deposit.gateway.capitalize()} {deposit.payout or 'not paid out yet'}"
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "content_title": title,
            "model_admin": self,
            "page": page(deposit),
            "may_act": request.user.has_perm(MAY),
        }
        return TemplateResponse(request, "admin/hub/deposit.html", context)
