"""The form of one connection: its own few fields, and those that its connector asks for."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextInputWidget

from connectors import registry
from connectors.base import SecretField
from connectors.models import Connection
from connectors.vault import DatabaseVault
from hub.admin.dress import dressed

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
        for name in secret_names(self.kind):
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
        secret = secret_names(self.kind)
        typed = {name: str(self.inner_cleaned[name]) for name in secret if self.data.get(PREFIX + name)}
        self.instance.kind = self.kind
        self.instance.settings = {
            **self.instance.settings,
            **{name: _json(value) for name, value in self.inner_cleaned.items() if name not in secret},
        }
        if self.instance.pk is None:
            self.instance.secrets = typed
            self.instance.save()
        else:
            self.instance.save(update_fields=["settings", "poll_from", "lock_date"])
            if typed:
                DatabaseVault(self.instance.pk).put(**typed)

    def _inner_data(self) -> Any:
        """What was submitted, with the stored secret where none was typed: a whole form for the connector to judge."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name in secret_names(self.kind):
            if not data.get(PREFIX + name) and self.instance.secrets.get(name):
                data[PREFIX + name] = self.instance.secrets[name]
        return data


def form_for(kind: str) -> type[ConnectionForm]:
    """The form of this kind of connection, with the connector's fields under their own labels."""
    asked = registry.connector(kind).settings_form().fields
    fields = {PREFIX + name: dressed(copy.deepcopy(field)) for name, field in asked.items()}
    return type("ConnectionForm", (ConnectionForm,), {"kind": kind, **fields})


def setting_names(kind: str) -> list[str]:
    return [PREFIX + name for name in registry.connector(kind).settings_form().fields]


def secret_names(kind: str) -> set[str]:
    fields = registry.connector(kind).settings_form().fields
    return {name for name, field in fields.items() if isinstance(field, SecretField)}


def _json(value: Any) -> Any:
    """Dates, amounts and the like as text; the connector reads them back."""
    return value if value is None or isinstance(value, str | int | bool | list | dict) else str(value)
