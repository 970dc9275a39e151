"""What the page of one connection shows above its form: health, addresses to copy, the guide, and two buttons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from connectors import registry
from connectors.errors import ConnectorError, NeedsLogin
from connectors.models import Connection
from connectors.vault import connect
from hub.admin.connection_form import label_of
from hub.admin.login import redirect_uri
from hub.admin.setup_guide import as_html
from hub.admin.trial import offered
from hub.admin.words import COLOURS
from hub.configuration.connections import secret_names
from hub.engine.probing import come_back
from hub.intake.subscribing import can_be_reached, webhook_url

if TYPE_CHECKING:
    from hub.admin.unfolded import ModelAdmin


@dataclass(frozen=True)
class Panel:
    connection: Connection
    colour: str
    webhook_url: str
    """Empty where this kind sends no webhooks."""
    is_reached: bool
    """Its vendor sends them to where this hub is."""
    redirect_uri: str
    """Empty where this kind has no login screen."""
    visits: list[tuple[str, str]]
    """Pages to which this kind's vendor itself sends somebody: name and address."""
    token_expires_at: dt.datetime | None
    can_be_tried: bool
    """On records that a person pastes."""
    settings: list[tuple[str, Any]]
    """Label and value, without the secrets: for those who may look but not change."""


def panel(connection: Connection) -> Panel:
    connector = connect(connection)
    return Panel(
        connection=connection,
        colour=COLOURS.get(connection.state, ""),
        webhook_url=webhook_url(connection) if connector.offers("read_notices") else "",
        is_reached=can_be_reached(connector),
        redirect_uri=redirect_uri(connection) if connector.logs_in_by_person() else "",
        visits=[(visit, redirect_uri(connection, visit)) for visit in connector.visits],
        token_expires_at=connector.token_expires_at(),
        can_be_tried=bool(offered(connector)),
        settings=_shown_settings(connection),
    )


def guide(kind: str) -> SafeString:
    """What to click in the vendor's screens; empty where its folder does not say."""
    path = registry.folder(kind) / "setup.md"
    return as_html(path.read_text(encoding="utf-8")) if path.exists() else SafeString("")


@require_POST
def run_test(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """ "Test connection": one harmless call, and its answer in words."""
    connection = get_object_or_404(Connection, pk=pk)
    if not model_admin.has_change_permission(request, connection):
        raise PermissionDenied
    try:
        answer = connect(connection).check()
    except NeedsLogin as error:
        connection.ask_for_login(str(error))
        messages.error(request, f"“{connection}” needs a login: {error}")
    except ConnectorError as error:
        messages.error(request, f"“{connection}” does not answer as it should: {error}")
    else:
        come_back(connection)
        messages.success(request, f"It works. {answer}")
    return redirect("admin:connectors_connection_change", pk)


def _shown_settings(connection: Connection) -> list[tuple[str, Any]]:
    fields = connection.connector_class.settings_form.base_fields
    hidden = secret_names(connection.connector_class)
    return [
        (label_of(name, field), connection.settings[name])
        for name, field in fields.items()
        if name not in hidden and connection.settings.get(name) not in (None, "")
    ]
