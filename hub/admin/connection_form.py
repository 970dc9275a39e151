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
from hub.books import lock_dates
from hub.configuration.connections import EXPIRY, secret_names

PREFIX = "set-"
"""Of the connector's own fields, so that none can stand in the way of ours."""
REASON = "lock_reason"
KEPT = "Stored. Leave empty to keep it."


class ConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Made for one kind by `form_for`. The connector's form validates its part; secrets left empty are kept."""

    kind: str = ""
    may_reopen: bool = True
    """Whether the person before it may open days again that are closed."""

    lock_reason = forms.CharField(
        required=False,
        max_length=500,
        label="Why days are to be open again",
        help_text="Only where you set the lock date back. Kept in its history.",
        widget=UnfoldAdminTextInputWidget,
    )

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
        if not self.instance.lock_date:
            del self.fields[REASON]
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
        self._check_lock_date(cleaned)
        return cleaned

    def _check_lock_date(self, cleaned: dict[str, Any]) -> None:
        """To lower it is to reopen days: a right, and never without a reason."""
        stored, wanted = self.instance.lock_date, cleaned.get("lock_date")
        if "lock_date" not in self.changed_data or "lock_date" in self.errors or not lock_dates.lowers(stored, wanted):
            return
        try:
            lock_dates.require_possible(self.instance, wanted)
        except lock_dates.Refused as error:
            self.add_error("lock_date", str(error))
        if not self.may_reopen:
            self.add_error("lock_date", f"The books are closed up to {stored}. You may not open days again.")
        elif not cleaned.get(REASON, "").strip():
            self.add_error(REASON, lock_dates.NO_REASON.format(lock_date=stored))

    def store(self, by: str) -> None:
        """Settings into the row; only those secrets that were typed in into the vault, for the others may have been
        renewed by a worker in the meantime; and the lock date only where it was changed here, for a month may have been
        closed in the meantime. Raises Refused where it cannot be moved any more."""
        row, typed, lock_date = self.instance, self._typed_secrets(), self.instance.lock_date
        row.kind = self.kind
        row.settings = {**row.settings, **self._settings()}
        if row.pk is None:
            row.secrets, row.lock_date = typed, None
            row.save()
            lock_dates.move(row, lock_date, by, "")
            return
        row.save(update_fields=["settings", "poll_from"])
        if "lock_date" in self.changed_data:
            lock_dates.move(row, lock_date, by, self.cleaned_data.get(REASON, ""))
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


def form_for(kind: str, *, may_reopen: bool = True) -> type[ConnectionForm]:
    """The form of this kind of connection, with the connector's fields under their own labels."""
    fields: dict[str, Any] = {"may_reopen": may_reopen}
    for name, field in registry.connector(kind).settings_form().fields.items():
        fields[PREFIX + name] = dressed(copy.deepcopy(field))
        fields[PREFIX + name].label = label_of(name, field)
    return type("ConnectionForm", (ConnectionForm,), {"kind": kind, **fields})


def setting_names(kind: str) -> list[str]:
    return [PREFIX + name for name in registry.connector(kind).settings_form.base_fields]


def sections(kind: str) -> list[tuple[str, list[str]]]:
    """The connector's fields under titles; under none those that everybody fills in, which come first."""
    aside: dict[str, tuple[str, ...]] = dict(getattr(registry.connector(kind).settings_form, "sections", ()))
    apart = {PREFIX + name for names in aside.values() for name in names}
    first = [name for name in setting_names(kind) if name not in apart]
    return [("", first), *((title, [PREFIX + name for name in names]) for title, names in aside.items())]


def label_of(name: str, field: forms.Field) -> str:
    return str(field.label or name.replace("_", " ").capitalize())
