"""Files of payment gateways: uploaded, asked about where something is not clear, watched, and refused with every fault."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from hub.admin.payout_forms import LayoutForm, UploadForm
from hub.admin.payout_permission import MAY, require_permission
from hub.admin.payout_preview import preview
from hub.admin.payout_taking_back import taking_back
from hub.admin.unfolded import LookOnly, ModelAdmin, display
from hub.admin.words import count, moment
from hub.books.payouts.arriving import discard
from hub.books.payouts.taking_back import THERE
from hub.books.reports.asking import all_books
from hub.models import Deposit, PayoutFile

State = PayoutFile.State
COLOURS = {State.ASKS: "warning", State.RUNNING: "info", State.DONE: "success", State.REFUSED: "danger"}
"""What was taken back is grey."""
SAME = (
    "This very file was taken in before: this is its page. Nothing has changed. Fees can be posted on the page of each "
    "deposit; if the file was read wrongly, take it back first."
)
SHOWN = 50
"""Deposits that the page of a file lists."""


def upload(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    form = UploadForm(all_books(), request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        received = form.receive(request.user)
        if received:
            file, new = received
            if not new:
                messages.info(request, SAME)
            return redirect("admin:hub_payoutfile_change", file.pk)
    context = {**model_admin.admin_site.each_context(request), "title": "Upload a payout file", "form": form}
    return TemplateResponse(request, "admin/hub/payout_new.html", context, status=400 if form.errors else 200)


@require_POST
def throw_away(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    discard(get_object_or_404(PayoutFile, pk=pk))
    messages.success(request, "Thrown away. Nothing of it was taken in.")
    return redirect("admin:hub_payoutfile_changelist")


@admin.register(PayoutFile)
class PayoutFileAdmin(LookOnly):
    list_display = ("name", "gateway", "state_label", "counted", "taken_in", "asked_by", "books")
    list_display_links = ("name",)
    list_filter = ("state", "gateway", "books")
    change_list_template = "admin/hub/payouts.html"
    custom_urls = (
        ("new/", "hub_payoutfile_new", upload),
        ("<int:pk>/throw-away/", "hub_payoutfile_throw_away", throw_away),
        ("<int:pk>/take-back/", "hub_payoutfile_take_back", taking_back),
    )

    @display(description="state", ordering="state", label={str(one): colour for one, colour in COLOURS.items()})
    def state_label(self, file: PayoutFile) -> tuple[str, str]:
        return file.state, file.get_state_display()

    @display(description="rows")
    def counted(self, file: PayoutFile) -> str:
        return f"{file.rows:,}, {file.new:,} new" if file.rows else "–"

    @display(description="uploaded", ordering="created_at")
    def taken_in(self, file: PayoutFile) -> str:
        return moment(file.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PayoutFile]:
        return super().get_queryset(request).select_related("books")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        said = {"title": "Payout files", "may_upload": request.user.has_perm(MAY)}
        return super().changelist_view(request, {**(extra_context or {}), **said})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        file: PayoutFile | None = self.get_object(request, object_id)
        if file is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_permission(request, file):
            raise PermissionDenied
        if file.state == State.ASKS and request.user.has_perm(MAY):
            return self._asks(request, file)
        return self._shown(request, file, {})

    def _asks(self, request: HttpRequest, file: PayoutFile) -> HttpResponse:
        form = LayoutForm(file, request.POST or None)
        found = form.found
        if request.method == "POST" and form.is_valid():
            left = form.answer(request.user)
            if left and not left.questions:
                return redirect("admin:hub_payoutfile_change", file.pk)
            found = left or found
        shown = {"form": form, "heads": found.layout.heads, "rows": list(preview(file, found.layout))}
        return self._shown(request, file, shown, status=400 if form.errors else 200)

    def _shown(
        self, request: HttpRequest, file: PayoutFile, more: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        deposits = Deposit.objects.filter(deposit_rows__file=file).distinct().order_by("date", "pk")
        context = {
            **self.admin_site.each_context(request),
            "title": file.name,
            "content_title": file.name,
            "model_admin": self,
            "file": file,
            "facts": _facts(file),
            "deposits": list(deposits[:SHOWN]) if file.state == State.DONE else [],
            "may_act": request.user.has_perm(MAY),
            "may_take_back": request.user.has_perm(MAY) and file.state in THERE,
            **more,
        }
        return TemplateResponse(request, "admin/hub/payout_file.html", context, status=status)


def _facts(file: PayoutFile) -> list[str]:
    known = file.rows - file.new
    left_out = [f"{count(number, 'row')} left out: {status}" for status, number in file.left_out.items()]
    facts = [
        file.gateway,
        f"into {file.books}",
        f"uploaded {moment(file.created_at)} by {file.asked_by or 'somebody'}",
        count(file.rows, "row") if file.rows else "",
        f"{count(known, 'row')} known before" if file.state == State.DONE and known else "",
        *left_out,
    ]
    return [fact for fact in facts if fact]
