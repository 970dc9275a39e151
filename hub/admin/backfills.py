"""Backfills: asked for on a flow's page, looked at before anything is posted, then started, watched and stopped."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from hub.admin.backfill_form import BackfillForm
from hub.admin.backfill_page import days, page
from hub.admin.unfolded import LookOnly, ModelAdmin, display
from hub.admin.words import COLOURS, moment, unbroken
from hub.intake.backfill import asking
from hub.models import Backfill, Flow

MAY = "hub.run_backfill"
ACTIONS = {
    "start": (asking.begin, "It has started. Live orders still go first."),
    "pause": (asking.pause, "Paused. What has begun is finished; the rest waits until you resume it."),
    "resume": (asking.resume, "It goes on."),
    "stop": (asking.stop, "Stopped. What had not begun is taken back, as if it had never been listed."),
}
"""What a button does, and what it then says."""


def new(request: HttpRequest, flow: int, model_admin: ModelAdmin) -> HttpResponse:
    """The days, and why; leads to the preview."""
    _require_permission(request)
    chosen = get_object_or_404(Flow.objects.select_related("source", "target", "version"), pk=flow)
    form = BackfillForm(chosen, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.ask(request.user)
        if made:
            return redirect("admin:hub_backfill_change", made.pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Backfill {chosen}",
        "flow": chosen,
        "form": form,
    }
    return TemplateResponse(request, "admin/hub/backfill_new.html", context, status=400 if form.errors else 200)


@require_POST
def act(request: HttpRequest, pk: int, what: str, model_admin: ModelAdmin) -> HttpResponse:
    _require_permission(request)
    if what not in ACTIONS:
        raise Http404
    do, said = ACTIONS[what]
    try:
        do(get_object_or_404(Backfill.objects.select_related("flow"), pk=pk))
    except asking.BackfillError as error:
        messages.error(request, f"{error}. {error.remedy}")
    else:
        messages.success(request, said)
    return redirect("admin:hub_backfill_change", pk)


def _require_permission(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY):
        raise PermissionDenied


@admin.register(Backfill)
class BackfillAdmin(LookOnly):
    list_display = ("of_days", "flow", "state_label", "asked", "asked_by", "reason")
    list_display_links = ("of_days",)
    list_select_related = ("flow",)
    list_filter = ("flow", "state")
    custom_urls = (
        ("new/<int:flow>/", "hub_backfill_new", new),
        ("<int:pk>/<slug:what>/now/", "hub_backfill_act", act),
    )

    @display(description="days", ordering="start")
    def of_days(self, backfill: Backfill) -> SafeString:
        return unbroken(days(backfill))

    @display(description="state", ordering="state", label={str(one): COLOURS.get(one, "") for one in Backfill.State})
    def state_label(self, backfill: Backfill) -> tuple[str, str]:
        return backfill.state, backfill.get_state_display()

    @display(description="asked for", ordering="created_at")
    def asked(self, backfill: Backfill) -> str:
        return moment(backfill.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Backfill]:
        return super().get_queryset(request).select_related("flow__source", "flow__target", "flow__version")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        backfill: Backfill | None = self.get_object(request, object_id)
        if backfill is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_permission(request, backfill):
            raise PermissionDenied
        title = f"Backfill {days(backfill)}"
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "content_title": title,
            "model_admin": self,
            "page": page(backfill),
            "may_act": request.user.has_perm(MAY),
        }
        return TemplateResponse(request, "admin/hub/backfill.html", context)
