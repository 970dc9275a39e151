"""The form of one connection: its own few fields, and those that its connector asks for."""

from __future__ import annotations

import copy
import json
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextInputWidget

from connectors import registry
from connectors.models import Connection
from connectors.vault import DatabaseVault
from hub.admin.dress import dressed
from hub.configuration.connections import EXPIRY, secret_names

PREFIX = "set-"
"""Of the connector's own fields, so that none can stand in the way of ours."""
KEPT = "Stored. Leave empty to keep it."


class ConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Made for one kind by `form_for`. The connector's form validates its part; secrets left empty are kept."""

    kind: str = ""

    class Meta:
        model = Connection
        fields = ("name", "poll_from", "lock_date")
        widgets = {
            "name": UnfoldAdminTextInputWidget,
            "poll_from": UnfoldAdminSplitDateTimeWidget,
            "lock_date": UnfoldAdminSingleDateWidget,
        }
        field_classes = {"poll_from": forms.SplitDateTimeField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["name"]  # it is part of the address that the vendor knows
        if registry.connector(self.kind).role != "books":
            del self.fields["lock_date"]
        for name in secret_names(registry.connector(self.kind)):
            field = self.fields.get(PREFIX + name)
            if field and self.instance.secrets.get(name):
                field.required = False
                field.widget.attrs["placeholder"] = KEPT
        for name, value in self.instance.settings.items():
            if PREFIX + name in self.fields:
                self.initial.setdefault(PREFIX + name, value)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        inner = registry.connector(self.kind).settings_form(self._inner_data(), prefix="set")
        if not inner.is_valid():
            for name, errors in inner.errors.as_data().items():
                where = PREFIX + name if PREFIX + name in self.fields else None
                if where is None or where not in self.errors:
                    self.add_error(where, errors)
        self.inner_cleaned = inner.cleaned_data
        return cleaned

    def store(self) -> None:
        """Settings into the row; only those secrets that were typed in into the vault, for the others may have been
        renewed by a worker in the meantime."""
        row, typed = self.instance, self._typed_secrets()
        row.kind = self.kind
        row.settings = {**row.settings, **self._settings()}
        if row.pk is None:
            row.secrets = typed
            row.save()
            return
        row.save(update_fields=["settings", "poll_from", "lock_date"])
        if typed:
            DatabaseVault(row.pk).put(**typed)
        if self.changed_data:
            Connection.objects.filter(pk=row.pk).update(state=Connection.State.NEW, state_reason="", paused_until=None)

    def _settings(self) -> dict[str, Any]:
        """As JSON keeps them: dates and the like as text, which the connector reads back."""
        secret = secret_names(registry.connector(self.kind))
        plain = {name: value for name, value in self.inner_cleaned.items() if name not in secret}
        settings: dict[str, Any] = json.loads(json.dumps(plain, cls=DjangoJSONEncoder))
        return settings

    def _typed_secrets(self) -> dict[str, str]:
        secret = secret_names(registry.connector(self.kind))
        typed = {name: str(self.inner_cleaned[name]) for name in secret if self.data.get(PREFIX + name)}
        if "access_token" in typed:
            typed.setdefault(EXPIRY, "")  # it was the old token's
        return typed

    def _inner_data(self) -> Any:
        """What was submitted, with the stored secret where none was typed: a whole form for the connector to judge."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name in secret_names(registry.connector(self.kind)):
            if not data.get(PREFIX + name) and self.instance.secrets.get(name):
                data[PREFIX + name] = self.instance.secrets[name]
        return data


def form_for(kind: str) -> type[ConnectionForm]:
    """The form of this kind of connection, with the connector's fields under their own labels."""
    fields = {}
    for name, field in registry.connector(kind).settings_form().fields.items():
        fields[PREFIX + name] = dressed(copy.deepcopy(field))
        fields[PREFIX + name].label = label_of(name, field)
    return type("ConnectionForm", (ConnectionForm,), {"kind": kind, **fields})


def setting_names(kind: str) -> list[str]:
    return [PREFIX + name for name in registry.connector(kind).settings_form.base_fields]


def label_of(name: str, field: forms.Field) -> str:
    return str(field.label or name.replace("_", " ").capitalize())
