"""Mappings: rules as a table, errors beside the rule, and a preview on a real past record before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from hub import flows
from hub.admin.dress import dress
from hub.admin.mapping_preview import Shown, flows_using, past_records, try_rules
from hub.admin.rule_forms import RuleTable, lists, paths, table_for
from hub.admin.unfolded import ModelAdmin, display, person
from hub.admin.words import moment, spaced
from hub.models import Flow
from mappings.checking import BESIDE
from mappings.editing import save
from mappings.engine import schema
from mappings.engine.errors import MappingError
from mappings.engine.transforms import CATALOGUE
from mappings.models import Mapping


class NewMapping(forms.ModelForm):  # type: ignore[type-arg]
    """A name and the two documents; the rules come on the next page."""

    class Meta:
        model = Mapping
        fields = ("name", "source", "target")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            choices = [(one, one) for one in sorted(schema.document_classes())]
            self.fields[name] = forms.ChoiceField(choices=choices, help_text=self.fields[name].help_text)
        dress(self)  # type: ignore[arg-type]


@dataclass
class Editing:
    """One visit to a mapping's page."""

    mapping: Mapping
    flows: list[Flow]
    table: RuleTable
    problems: list[str] = field(default_factory=list)
    shown: Shown | None = None


@admin.register(Mapping)
class MappingAdmin(ModelAdmin):
    form = NewMapping
    list_display = ("name", "becomes", "rule_count", "version", "changed")
    search_fields = ("name",)
    list_per_page = 50

    @display(description="what becomes what")
    def becomes(self, mapping: Mapping) -> str:
        return f"{spaced(mapping.source)} → {spaced(mapping.target)}"

    @display(description="rules")
    def rule_count(self, mapping: Mapping) -> int:
        return len(mapping.rules)

    @display(description="version", ordering="number")
    def version(self, mapping: Mapping) -> int:
        return mapping.number

    @display(description="changed", ordering="updated_at")
    def changed(self, mapping: Mapping) -> str:
        return moment(mapping.updated_at)

    def response_add(self, request: HttpRequest, obj: Mapping, post_url_continue: str | None = None) -> HttpResponse:
        return redirect("admin:mappings_mapping_change", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        mapping: Mapping | None = self.get_object(request, object_id)
        if mapping is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_permission(request, mapping):
            raise PermissionDenied
        editing = Editing(mapping, flows_using(mapping), table_for(mapping, request.POST or None))
        if request.method == "POST":
            if not self.has_change_permission(request, mapping):
                raise PermissionDenied
            if self._take(request, editing):
                return redirect("admin:mappings_mapping_change", mapping.pk)
        return TemplateResponse(request, "admin/hub/mapping.html", self._context(request, editing))

    def _take(self, request: HttpRequest, editing: Editing) -> bool:
        """Preview or save what was typed in. True when it is saved."""
        if not editing.table.is_valid():
            return False
        try:
            if "_preview" in request.POST:
                _preview(request, editing)
                return False
            changed = save(
                editing.mapping, editing.table.rules(), by=person(request), reason=request.POST.get("reason", "")
            )
        except MappingError as error:
            editing.problems = editing.table.complain(error)
            return False
        messages.success(request, _saved(editing) if changed else "Nothing has changed.")
        if "_publish" in request.POST:
            _publish(request, editing.mapping)
        return True

    def _context(self, request: HttpRequest, editing: Editing) -> dict[str, Any]:
        source = schema.document_classes()[editing.mapping.source]
        return {
            **self.admin_site.each_context(request),
            "title": f"Mapping {editing.mapping}",
            "documents": (spaced(editing.mapping.source), spaced(editing.mapping.target)),
            "opts": self.opts,
            "original": editing.mapping,
            "editing": editing,
            "may_change": self.has_change_permission(request, editing.mapping),
            "may_publish": request.user.has_perm("hub.publish_flow"),
            "records": past_records(editing.flows),
            "chosen": request.POST.get("record", ""),
            "paths": [*paths(source), *(f"{name}." for name in BESIDE)],
            "lists": [*lists(source), "wanted.lines"],
            "transforms": CATALOGUE,
            "versions": editing.mapping.versions.select_related("created_by")[:10],
        }


def _preview(request: HttpRequest, editing: Editing) -> None:
    number = request.POST.get("record", "").strip()
    record = (
        past_records(editing.flows, number).select_related("flow__source", "flow__target", "flow__version").first()
        if number
        else None
    )
    if record is None:
        editing.problems = [
            f"There is no past record {number}." if number else "Choose a past record to try the rules on."
        ]
        return
    editing.shown = try_rules(editing.mapping, editing.table.rules(), record)
    if editing.shown is None:
        editing.problems = [f"Nothing was kept of {record}; choose another."]


def _publish(request: HttpRequest, mapping: Mapping) -> None:
    if not request.user.has_perm("hub.publish_flow"):
        raise PermissionDenied
    try:
        live = flows.republish(mapping, by=person(request), reason=request.POST.get("reason", ""))
    except flows.FlowError as error:
        messages.error(request, f"Saved, but not published: {error}")
    else:
        messages.success(
            request, f"Live in {', '.join(map(str, live))}." if live else "The flows ran these rules already."
        )


def _saved(editing: Editing) -> str:
    flows = ", ".join(flow.name for flow in editing.flows)
    return f"Saved. {flows} will use the new rules once they are published." if flows else "Saved."
