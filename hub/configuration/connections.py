"""Connections from a file: settings through the connector's own form, secrets as seeds."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.core.serializers.json import DjangoJSONEncoder

from connectors import registry
from connectors.base import Connector, SecretField
from connectors.models import Connection
from hub.books import lock_dates
from hub.configuration.report import Report, Wrong
from hub.configuration.shape import ConnectionEntry
from hub.flow_checks import Complaint

EXPIRY = "expires_at"
"""Belongs to the token it was issued with, so it is kept and seeded like one."""


def apply_connection(entry: ConnectionEntry, report: Report) -> None:
    """Make or change one connection. Raises Wrong, and then nothing is saved."""
    connection = Connection.objects.select_for_update().filter(name=entry.name).first()
    connector = _connector(entry, connection)
    row = connection or Connection(name=entry.name, kind=connector.kind)
    cleaned = _cleaned(connector, row, entry)
    parts = [*_take_settings(row, connector, cleaned), *_take_seeds(row, connector, cleaned, entry)]
    if parts and connection:
        row.state, row.state_reason, row.paused_until = Connection.State.NEW, "", None
    origin = row.lock_date
    parts += _take_dates(row, entry)
    if connection is None or parts:
        row.save()
    if row.lock_date != origin:
        lock_dates.remember(row, origin, by="a file", reason=entry.lock_reason.strip() or "Applied from a file")
    report.changed(f"connection {row.name}", parts if connection else ["created"])


def secret_names(connector: type[Connector]) -> set[str]:
    """Settings that are encrypted, and never shown or exported."""
    fields = connector.settings_form.base_fields
    return {name for name, field in fields.items() if isinstance(field, SecretField) or name == EXPIRY}


def _connector(entry: ConnectionEntry, connection: Connection | None) -> type[Connector]:
    kind = entry.kind or (connection.kind if connection else "")
    known = ", ".join(sorted(registry.connectors()))
    if not kind:
        raise Wrong(((), f"a new connection needs its kind: {known}"))
    if kind not in registry.connectors():
        raise Wrong((("kind",), f"there is no connector of kind {kind!r}; there are {known}"))
    if connection and connection.kind != kind:
        raise Wrong((("kind",), f"it is of kind {connection.kind}, and that cannot be changed"))
    return registry.connector(kind)


def _cleaned(connector: type[Connector], row: Connection, entry: ConnectionEntry) -> dict[str, Any]:
    """What the connector's form makes of the settings: those of the file over the stored over the form's own."""
    fields = connector.settings_form().fields
    initial = {name: field.initial for name, field in fields.items() if field.initial is not None}
    given = {**initial, **row.settings, **row.secrets, **entry.settings}
    form = connector.settings_form(
        {name: _written(field, given[name]) for name, field in fields.items() if name in given}
    )
    complaints: list[Complaint] = [
        (("settings", name), f"{connector.label} has no such setting; it has {', '.join(fields)}")
        for name in entry.settings
        if name not in fields
    ]
    for name, errors in form.errors.items():
        where = ("settings", name) if name in fields else ("settings",)
        complaints.append((where, " ".join(str(error) for error in errors)))
    if complaints:
        raise Wrong(*complaints)
    return form.cleaned_data


def _written(field: forms.Field, value: Any) -> Any:
    """As the form's widget would send it."""
    if isinstance(field, forms.JSONField):
        return value if isinstance(value, str) else json.dumps(value)
    if isinstance(value, list) and not isinstance(field, forms.MultipleChoiceField):
        return ",".join(map(str, value))
    return value


def _take_settings(row: Connection, connector: type[Connector], cleaned: Mapping[str, Any]) -> list[str]:
    secret = secret_names(connector)
    wanted = {name: value for name, value in cleaned.items() if name not in secret}
    settings = {**row.settings, **json.loads(json.dumps(wanted, cls=DjangoJSONEncoder))}
    parts = [name for name in settings if settings[name] != row.settings.get(name)]
    row.settings = settings
    return parts


def _take_seeds(
    row: Connection, connector: type[Connector], cleaned: Mapping[str, Any], entry: ConnectionEntry
) -> list[str]:
    """A seed is stored only when it differs from the one last applied: the live token has moved on from it."""
    seeds = {name: _text(cleaned[name]) for name in entry.settings if name in secret_names(connector)}
    digests = {name: hashlib.sha256(seed.encode()).hexdigest() for name, seed in seeds.items() if seed}
    fresh = [name for name, digest in digests.items() if row.seeds.get(name) != digest]
    secrets = {**row.secrets, **{name: seeds[name] for name in fresh}}
    if "access_token" in fresh and EXPIRY not in fresh:
        secrets.pop(EXPIRY, None)  # it was the old token's
    row.secrets, row.seeds = secrets, {**row.seeds, **digests}
    return fresh


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else "" if value is None else str(value)


def _take_dates(row: Connection, entry: ConnectionEntry) -> list[str]:
    given: dict[str, Any] = {}
    if "poll_from" in entry.model_fields_set:
        given["poll_from"] = _instant(entry.poll_from, str(row.settings.get("timezone") or "UTC"))
    if "lock_date" in entry.model_fields_set:
        given["lock_date"] = _possible(row, entry)
    parts = [name for name, value in given.items() if getattr(row, name) != value]
    for name in parts:
        setattr(row, name, given[name])
    return parts


def _possible(row: Connection, entry: ConnectionEntry) -> dt.date | None:
    """Days are closed freely, and opened again only with a reason: a file may be older than what people closed since."""
    try:
        if row.pk:
            lock_dates.require_possible(row, entry.lock_date)
    except lock_dates.Refused as error:
        raise Wrong((("lock_date",), f"{error} Else take lock_date out of the file.")) from None
    if lock_dates.lowers(row.lock_date, entry.lock_date) and not entry.lock_reason.strip():
        told = f"it cannot go back to {entry.lock_date or 'none'}: the books are closed up to {row.lock_date}"
        remedy = "Say in lock_reason, beside it, why days are to be open again, or take lock_date out of the file"
        raise Wrong((("lock_date",), f"{told}. {remedy}"))
    return entry.lock_date


def _instant(moment: dt.datetime | dt.date | None, zone: str) -> dt.datetime | None:
    """A date begins at midnight where the connection is."""
    if moment is None or isinstance(moment, dt.datetime):
        return moment
    try:
        where = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        where = ZoneInfo("UTC")
    return dt.datetime.combine(moment, dt.time.min, where)
