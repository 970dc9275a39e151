"""Months of the books: one page that shows a month, closes it and opens it again, and the list of those closed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from connectors.models import Connection
from hub.admin import month_reconciled, reconciliations, reports
from hub.admin.closed_figures import figures_table
from hub.admin.dress import dress
from hub.admin.month_page import books_with_trade, first_to_close, month_page
from hub.admin.months import Month, month_of
from hub.admin.unfolded import LookOnly, ModelAdmin, display
from hub.admin.words import count, moment, unbroken
from hub.books.closing import close, reopen
from hub.books.lock_dates import Refused
from hub.models import ClosedMonth

CLOSE, REOPEN = "hub.close_month", "hub.reopen_month"
MAY = {"close": CLOSE, "reopen": REOPEN, "reconcile": reconciliations.MAY, "pack": reports.MAY}
"""What the page offers to whom."""


class NoteForm(forms.Form):
    note = forms.CharField(max_length=500, required=False, label="Note", help_text="Kept with the closed month.")


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=500, label="Why", help_text="Kept with the month, for whoever asks later.")


def month(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """The month's page; without a month in its address, the first that is to be closed."""
    if not request.user.has_perm("hub.view_syncrecord"):
        raise PermissionDenied
    several = books_with_trade()
    books = next((one for one in several if one.name == request.GET.get("books")), several[0] if several else None)
    context = {**model_admin.admin_site.each_context(request), "title": "Month", "several": several, "books": books}
    if books:
        context |= month_page(books, _chosen(request, books))
        context |= {"note": _dressed(NoteForm()), "reason": _dressed(ReasonForm())}
        context |= {f"may_{what}": request.user.has_perm(permission) for what, permission in MAY.items()}
    return TemplateResponse(request, "admin/hub/month.html", context)


@require_POST
def close_month(request: HttpRequest, books: int, key: str, model_admin: ModelAdmin) -> HttpResponse:
    if not request.user.has_perm(CLOSE):
        raise PermissionDenied
    chosen, wanted = get_object_or_404(Connection, pk=books), month_of(key, timezone.localdate())
    try:
        close(chosen, wanted, request.user.get_username(), request.POST.get("note", "")[:500])
    except Refused as error:
        for sentence in error.reasons:
            messages.error(request, sentence)
    else:
        messages.success(request, f"{wanted.title} is closed. What still comes for it lands on the first open day.")
    return redirect(address(chosen, wanted))


@require_POST
def reopen_month(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    if not request.user.has_perm(REOPEN):
        raise PermissionDenied
    closed = get_object_or_404(ClosedMonth.objects.select_related("books"), pk=pk)
    wanted = Month.of(closed.month)
    try:
        reopen(closed, request.user.get_username(), request.POST.get("reason", "")[:500])
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{wanted.title} is open again. Close it once more when it is right.")
    return redirect(address(closed.books, wanted))


@require_POST
def reconcile_month(request: HttpRequest, books: int, key: str, model_admin: ModelAdmin) -> HttpResponse:
    """Of one flow, its page shows how it goes on; of several, the month's own."""
    reconciliations.require_permission(request)
    chosen, wanted = get_object_or_404(Connection, pk=books), month_of(key, timezone.localdate())
    runs = month_reconciled.start(chosen, wanted, request.user)
    if len(runs) == 1:
        return redirect("admin:hub_reconciliation_change", runs[0].pk)
    messages.success(request, f"{count(len(runs), 'reconciliation')} of {wanted.title} under way.")
    return redirect(address(chosen, wanted))


def address(books: Connection, month: Month) -> str:
    return f"{reverse('admin:hub_month')}?{urlencode({'books': books.name, 'month': month.key})}"


def _chosen(request: HttpRequest, books: Connection) -> Month:
    today = timezone.localdate()
    key = request.GET.get("month", "")
    return month_of(key, today) if key else first_to_close(books, Month.of(today))


def _dressed(form: forms.Form) -> forms.Form:
    dress(form)
    return form


@admin.register(ClosedMonth)
class ClosedMonthAdmin(LookOnly):
    list_display = ("titled", "books", "closed", "closed_by", "note", "reopened", "reopened_because")
    list_display_links = ("titled",)
    list_select_related = ("books",)
    list_filter = ("books",)
    fields = ("titled", "books", "closed", "closed_by", "note", "reopened", "reopened_because", "agreed_on")
    custom_urls = (
        ("month/", "hub_month", month),
        ("month/<int:books>/<str:key>/close/", "hub_month_close", close_month),
        ("month/<int:books>/<str:key>/reconcile/", "hub_month_reconcile", reconcile_month),
        ("<int:pk>/reopen/", "hub_month_reopen", reopen_month),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Closed months"})

    @display(description="month", ordering="month")
    def titled(self, closed: ClosedMonth) -> SafeString:
        return unbroken(Month.of(closed.month).title)

    @display(description="closed", ordering="closed_at")
    def closed(self, closed: ClosedMonth) -> str:
        return moment(closed.closed_at)

    @display(description="reopened", ordering="reopened_at")
    def reopened(self, closed: ClosedMonth) -> str:
        return f"{moment(closed.reopened_at)}, by {closed.reopened_by}" if closed.reopened_at else "–"

    @display(description="figures it was closed on")
    def agreed_on(self, closed: ClosedMonth) -> SafeString:
        return figures_table(closed.figures)
