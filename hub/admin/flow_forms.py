"""The two forms of a flow: a new one from a preset, and the choices of one that is there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from connectors import registry
from connectors.models import Connection
from hub import flows, presets
from hub.accounting.policy import Policy
from hub.admin.dress import dress
from hub.admin.kept import books_something
from hub.admin.policy_form import PREFIX, complaints, policy_fields, policy_values
from hub.admin.policy_words import KEEPING, SECTIONS, TELLING
from hub.flow_checks import checked
from hub.models import Flow
from hub.models.counterparts import RESOURCES

FIELDS: dict[Any, str] = {"invoice_prefix": "invoice_prefix", "owns": "only_links"}
"""Where a policy is wrong → the field of the form for a new flow."""


class NewFlowForm(forms.ModelForm):  # type: ignore[type-arg]
    """What it does, between which connections, and what keeps its invoice numbers apart."""

    preset = forms.ChoiceField(label="What it does")
    invoice_prefix = forms.CharField(
        required=False,
        max_length=10,
        help_text="Comes before each invoice number. Two flows into the same books need different ones.",
    )

    only_links = forms.BooleanField(
        required=False,
        label="Only make and link customers, clients and items",
        help_text="Each of their fields has one owning flow. Tick this where another flow keeps the same records up to date.",
    )

    class Meta:
        model = Flow
        fields = ("name", "preset", "source", "target")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["preset"].choices = [  # type: ignore[attr-defined]
            (preset.slug, f"{registry.connector(preset.kind).label}: {preset.label}")
            for preset in sorted(presets.available(), key=lambda one: one.target.resource != "invoice")
        ]
        self.fields["source"].queryset = self.fields["target"].queryset = Connection.objects.all()  # type: ignore[attr-defined]
        dress(self)  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = next((one for one in presets.available() if one.slug == cleaned.get("preset")), None)
        source, target = cleaned.get("source"), cleaned.get("target")
        if chosen and source and source.kind != chosen.kind:
            self.add_error("source", f"“{chosen.label}” needs a connection of kind {chosen.kind}.")
        if chosen and target and target.role != chosen.target.role:
            self.add_error("target", f"“{chosen.label}” leads into {chosen.target.role}.")
        if not self.errors and chosen:
            self._make(chosen, cleaned)
        return cleaned

    def _make(self, preset: presets.Preset, cleaned: dict[str, Any]) -> None:
        """Made here and not on saving, so that what cannot be published is said beside the form."""
        policy: dict[str, Any] = {"invoice_prefix": cleaned["invoice_prefix"]} if cleaned.get("invoice_prefix") else {}
        if cleaned.get("only_links"):
            policy["owns"] = []
        try:
            self.instance = flows.make_from_preset(
                preset, name=cleaned["name"], source=cleaned["source"], target=cleaned["target"], policy=policy
            )
        except flows.FlowError as error:
            for place, message in error.complaints:
                self.add_error(next((FIELDS[part] for part in place if part in FIELDS), None), message)


class FlowForm(forms.ModelForm):  # type: ignore[type-arg]
    """Made for one flow by `form_for`, with a field for each choice that it heeds; the others stay as they are."""

    reason = forms.CharField(
        required=False, max_length=300, label="Why it changes", help_text="Kept with the version that saving publishes."
    )

    class Meta:
        model = Flow
        fields = ("enabled", "look_first")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        values = {**self.instance.policy, **policy_values(cleaned)}
        for place, message in complaints(values).items():
            self.add_error(place if place in self.fields else None, message)
        if not self.errors:
            self.instance.policy = flows.differing_policy(values)
            self._require_publishable()
        return cleaned

    def _require_publishable(self) -> None:
        try:
            checked(self.instance)
        except flows.FlowError as error:
            for place, message in error.complaints:
                name = PREFIX + str(place[1]) if place[0] == "policy" and len(place) > 1 else ""
                self.add_error(name if name in self.fields else None, message)


def form_for(flow: Flow) -> type[FlowForm]:
    heeded = _heeded(flow)
    fields = {name: field for name, field in policy_fields(flow.policy).items() if _choice(name) in heeded}
    return type("FlowForm", (FlowForm,), fields)


def sections(form: type[FlowForm]) -> list[tuple[str, dict[str, Any]]]:
    """The accounting choices as tabs, in the order in which a bookkeeper thinks of them."""
    names = [name for name in form.base_fields if name.startswith(PREFIX)]
    shown = [(title, _named(names, chosen)) for title, chosen in SECTIONS]
    rest = set(Policy.model_fields) - {name for _, chosen in SECTIONS for name in chosen}
    shown.append(("Other choices", _named(names, tuple(sorted(rest)))))
    filled = [(title, fields) for title, fields in shown if fields]
    classes = ["tab"] if len(filled) > 1 else []
    return [(title, {"fields": fields, "classes": classes}) for title, fields in filled]


def _named(names: list[str], chosen: tuple[str, ...]) -> list[str]:
    return [name for one in chosen for name in names if _choice(name) == one]


def _choice(name: str) -> str:
    return name.removeprefix(PREFIX).partition(".")[0]


def _heeded(flow: Flow) -> Collection[str]:
    """Only what is booked heeds them all: what is kept alike, or told to a store, has no invoice and no tax."""
    if books_something(flow):
        return Policy.model_fields
    return dict(SECTIONS)[KEEPING if flow.target_resource in RESOURCES else TELLING]
