"""Reconciliations: started for a flow and days, watched, and read; what they find is under “Discrepancies”."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from hub.admin.reconciliation_form import ReconciliationForm
from hub.admin.reconciliation_page import days, page
from hub.admin.unfolded import LookOnly, ModelAdmin, display
from hub.admin.words import COLOURS, moment, unbroken
from hub.books.reconciliation import asking, file
from hub.models import Reconciliation

MAY = "hub.run_reconciliation"


def require_permission(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY):
        raise PermissionDenied


def new(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    form = ReconciliationForm(request.POST or None, chosen=request.GET.get("flow", ""))
    if request.method == "POST" and form.is_valid():
        made = form.ask(request.user)
        if made:
            return redirect("admin:hub_reconciliation_change", made.pk)
    context = {**model_admin.admin_site.each_context(request), "title": "Reconcile", "form": form}
    return TemplateResponse(request, "admin/hub/reconciliation_new.html", context, status=400 if form.errors else 200)


@require_POST
def stop(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    try:
        asking.stop(get_object_or_404(Reconciliation, pk=pk))
    except asking.ReconciliationError as error:
        messages.error(request, f"{error}. {error.remedy}")
    else:
        messages.success(request, "Stopped. What it had found by then stays.")
    return redirect("admin:hub_reconciliation_change", pk)


def download(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> StreamingHttpResponse:
    """Block by block, however many there are."""
    if not request.user.has_perm("hub.view_discrepancy"):
        raise PermissionDenied
    run = get_object_or_404(Reconciliation.objects.select_related("flow__source", "flow__target"), pk=pk)
    name = f"discrepancies-{run.flow}-{run.start}-{run.end}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(file.blocks(run), content_type="text/csv; charset=utf-8", headers=headers)


@admin.register(Reconciliation)
class ReconciliationAdmin(LookOnly):
    list_display = ("of_days", "flow", "state_label", "asked", "asked_by")
    list_display_links = ("of_days",)
    list_select_related = ("flow",)
    list_filter = ("flow", "state")
    change_list_template = "admin/hub/reconciliations.html"
    custom_urls = (
        ("new/", "hub_reconciliation_new", new),
        ("<int:pk>/stop/", "hub_reconciliation_stop", stop),
        ("<int:pk>/csv/", "hub_reconciliation_csv", download),
    )

    @display(description="days", ordering="start")
    def of_days(self, run: Reconciliation) -> SafeString:
        return unbroken(days(run))

    @display(
        description="state", ordering="state", label={str(one): COLOURS.get(one, "") for one in Reconciliation.State}
    )
    def state_label(self, run: Reconciliation) -> tuple[str, str]:
        return run.state, run.get_state_display()

    @display(description="asked for", ordering="created_at")
    def asked(self, run: Reconciliation) -> str:
        return moment(run.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reconciliation]:
        return super().get_queryset(request).select_related("flow__source", "flow__target")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "may_reconcile": request.user.has_perm(MAY)})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run: Reconciliation | None = self.get_object(request, object_id)
        if run is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        title = f"Reconciliation {days(run)}"
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "content_title": title,
            "model_admin": self,
            "page": page(run),
            "may_act": request.user.has_perm(MAY),
        }
        return TemplateResponse(request, "admin/hub/reconciliation.html", context)
