"""Flows: made from a preset, with the accounting choices in words; saving publishes a version with its reason."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from connectors.base import Notice
from hub import flows
from hub.admin.flow_forms import NewFlowForm, form_for, sections
from hub.admin.kept import books_something
from hub.admin.steps import steps_in_words
from hub.admin.unfolded import LookOnlyInline, ModelAdmin, display, person
from hub.admin.winners import winners
from hub.admin.words import moment, plain
from hub.books.agreement import money_flows
from hub.intake import inbox
from hub.models import Event, Flow, FlowVersion


class VersionInline(LookOnlyInline):
    model = FlowVersion
    fk_name = "flow"
    verbose_name_plural = "Versions, the newest first"
    hide_title = True
    fields = ("number", "since", "created_by", "reason")
    readonly_fields = fields

    @display(description="since")
    def since(self, version: FlowVersion) -> str:
        return moment(version.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FlowVersion]:
        return super().get_queryset(request).select_related("created_by")


@require_POST
def sync_now(request: HttpRequest, pk: int, model_admin: FlowAdmin) -> HttpResponse:
    """ "Sync this order now": one record by its id in the source, through the same corridor as a webhook. Other
    flows of the source hear nothing of it."""
    if not request.user.has_perm("hub.retry_syncrecord"):
        raise PermissionDenied
    flow = get_object_or_404(Flow.objects.select_related("source"), pk=pk)
    source_id = request.POST.get("source_id", "").strip()
    if not source_id:
        messages.error(request, f"Type in the id of the {flow.source_resource}.")
        return redirect("admin:hub_flow_change", pk)
    inbox.accept(flow.source, Notice(flow.source_resource, source_id), door=Event.Door.HAND, flow=flow)
    record = flow.records.get(source_id=source_id)
    messages.success(request, f"{flow.source_resource.capitalize()} {source_id} is on its way. Look again in a moment.")
    return redirect("admin:hub_syncrecord_change", record.pk)


def _has_a_past(flow: Flow | None) -> bool:
    """Whether its source lists what was there before."""
    resource = flow.source.connector_class.resources.get(flow.source_resource) if flow else None
    return resource is not None and resource.offers("list_ids")


@admin.register(Flow)
class FlowAdmin(ModelAdmin):
    list_display = ("name", "runs", "way", "source", "target", "live_version")
    list_select_related = ("source", "target", "version")
    search_fields = ("name",)
    list_per_page = 50
    inlines = (VersionInline,)
    change_form_outer_before_template = "admin/hub/flow_panel.html"
    readonly_fields = ("looks_before",)
    custom_urls = (("<int:pk>/sync/", "hub_flow_sync", sync_now),)

    @display(description="state", ordering="enabled", label={"on": "success", "off": ""})
    def runs(self, flow: Flow) -> tuple[str, str]:
        return ("on", "on") if flow.enabled else ("off", "switched off")

    @display(description="what becomes what")
    def way(self, flow: Flow) -> str:
        return f"{plain(flow.source_resource)} → {plain(flow.target_resource)}"

    @display(description="live version", ordering="version__number")
    def live_version(self, flow: Flow) -> str:
        return f"{flow.version.number}" if flow.version else "not published"

    @display(description="Looks before it creates")
    def looks_before(self, flow: Flow) -> str:
        """Of the flow itself; the box beside it is a person's."""
        if flow.look_first:
            return "Everything is looked for in the books before it is made there."
        if not flow.look_before:
            return "What is new is made without looking."
        return (
            f"What was placed before {moment(flow.look_before)} is looked for in the books before it is made there, "
            "since it may have been booked already. What was placed later is made without looking."
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return form_for(obj) if obj else NewFlowForm

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ((None, {"fields": ["name", "preset", "source", "target", "invoice_prefix", "only_links"]}),)
        looks = ["look_first", "looks_before"] if books_something(obj) else ["look_first"]
        if not self.has_change_permission(request, obj):
            return ((None, {"fields": ["enabled", *looks]}),)
        return (
            (None, {"fields": ["enabled", *looks, "reason"]}),
            *sections(form_for(obj)),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        flow: Flow | None = self.get_object(request, object_id)
        more = {
            "steps": steps_in_words(flow) if flow else [],
            "winners": winners(flow) if flow else None,
            "show_save_and_add_another": False,
            "may_sync": request.user.has_perm("hub.retry_syncrecord"),
            "may_reconcile": flow in money_flows() and request.user.has_perm("hub.run_reconciliation"),
            "may_backfill": _has_a_past(flow) and request.user.has_perm("hub.run_backfill"),
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.save(commit=False) if change else form.instance

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if change:  # a new flow is complete already
            super().save_related(request, form, formsets, change)

    def save_model(self, request: HttpRequest, obj: Flow, form: Any, change: bool) -> None:
        if not change:
            return  # the form has made and published it
        obj.save(update_fields=["enabled", "look_first", "policy"])
        if not request.user.has_perm("hub.publish_flow"):
            messages.warning(request, "Saved, but not live yet: ask an approver to open it and press Save.")
            return
        before = obj.version_id
        version = flows.publish(obj, by=person(request), reason=form.cleaned_data["reason"])
        if version.pk != before:
            messages.success(request, f"Version {version.number} is live.")

    def response_add(self, request: HttpRequest, obj: Flow, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, f"“{obj}” is ready. Look through its choices, then switch it on and save.")
        return redirect("admin:hub_flow_change", obj.pk)
