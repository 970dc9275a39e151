"""Connections: choose a kind, fill in its own form, test it, log in, and see how it is."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from connectors import registry
from connectors.models import Connection
from hub.admin.connection_form import ConnectionForm, form_for, sections
from hub.admin.connection_panel import guide, panel, run_test
from hub.admin.trial import try_record
from hub.admin.unfolded import ModelAdmin, display
from hub.admin.words import COLOURS
from hub.books.lock_dates import Refused
from hub.intake.subscribing import unsubscribe

ROLES = {"store": "A store: orders come from here", "crm": "A CRM: won deals come from here", "books": "The books"}


@admin.register(Connection)
class ConnectionAdmin(ModelAdmin):
    list_display = ("name", "kind_label", "role_label", "health", "words", "answered")
    search_fields = ("name", "kind")
    list_per_page = 50
    change_form_template = "admin/hub/connection_form.html"
    warn_unsaved_form = True
    custom_urls = (
        ("<int:pk>/test/", "connectors_connection_test", run_test),
        ("<int:pk>/try/", "connectors_connection_try", try_record),
    )

    @display(description="kind", ordering="kind")
    def kind_label(self, connection: Connection) -> str:
        return connection.connector_class.label

    @display(description="what it is")
    def role_label(self, connection: Connection) -> str:
        return ROLES[connection.role]

    @display(
        description="health", ordering="state", label={str(state): COLOURS.get(state, "") for state in Connection.State}
    )
    def health(self, connection: Connection) -> tuple[str, str]:
        return connection.state, connection.get_state_display()

    @display(description="why", ordering="state_reason")
    def words(self, connection: Connection) -> str:
        return connection.state_reason

    @display(description="last answered", ordering="last_ok_at")
    def answered(self, connection: Connection) -> str:
        return naturaltime(connection.last_ok_at) if connection.last_ok_at else "never"

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.GET.get("kind") not in registry.connectors():
            return self._choose_kind(request)
        about = _about(request.GET["kind"])
        title = {"title": f"Connect {about['kind_label']}"}
        return super().add_view(request, form_url, {**(extra_context or {}), **about, **title})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        more = {"panel": panel(found), **_about(found.kind)} if found else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ConnectionForm]:
        return form_for(_kind(request, obj), may_reopen=request.user.has_perm("hub.reopen_month"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("name",) if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = registry.connector(_kind(request, obj))
        own = [(None, {"fields": ["name"]})]
        lock = ["lock_date"] if found.role == "books" else []
        reason = ["lock_reason"] if obj and obj.lock_date and self.has_change_permission(request, obj) else []
        dates = [("Dates", {"fields": ["poll_from", *lock, *reason]})]
        if obj and not self.has_change_permission(request, obj):
            return own + dates
        (_, first), *aside = sections(found.kind)
        folded = [(title, {"fields": names, "classes": ["collapse"]}) for title, names in aside]
        return [*own, (f"How to reach {found.label}", {"fields": first}), *folded, *dates]

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.save(commit=False)

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:
        try:
            form.store(request.user.get_username())
        except Refused as error:
            messages.error(request, str(error))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Its webhooks go first, for the deletion itself is one transaction, in which nobody is called."""
        found = self.get_object(request, object_id)
        if request.method == "POST" and found and self.has_delete_permission(request, found):
            _part_with(request, found)
        return super().delete_view(request, object_id, extra_context)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for connection in queryset:
            _part_with(request, connection)
        super().delete_queryset(request, queryset)

    def response_add(self, request: HttpRequest, obj: Connection, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, f"“{obj}” is saved. Now press “Test connection”.")
        return redirect("admin:connectors_connection_change", obj.pk)

    def _choose_kind(self, request: HttpRequest) -> HttpResponse:
        kinds = [
            {"kind": kind, "label": found.label, "role": ROLES[found.role]}
            for kind, found in registry.connectors().items()
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Connect a system",
            "opts": self.opts,
            "kinds": kinds,
        }
        return TemplateResponse(request, "admin/hub/choose_kind.html", context)


def _part_with(request: HttpRequest, connection: Connection) -> None:
    """One that a flow needs will not be deleted, so it keeps them."""
    if not connection.flows_out.exists() and (left := unsubscribe(connection)):
        messages.warning(request, f"“{connection}”: {left}")


def _kind(request: HttpRequest, obj: Connection | None) -> str:
    return obj.kind if obj else request.GET.get("kind", "")


def _about(kind: str) -> dict[str, Any]:
    return {
        "kind_label": registry.connector(kind).label,
        "guide": guide(kind),
        "show_save_and_add_another": False,
    }
