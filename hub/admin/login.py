"""`/connect/<connection>/<action>/`: logging in at a vendor, there and back."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET

from connectors.errors import BadSignature, ConnectorError
from connectors.models import Connection
from connectors.vault import connect
from hub.engine.probing import come_back

NOT_GENUINE = "This visit is not genuine, or it took too long. Open the app in your store once more."


@require_GET
def connect_action(request: HttpRequest, connection: str, action: str) -> HttpResponseBase:
    """Our own people's steps want a login of ours; the vendor's visits prove themselves."""
    found = Connection.objects.filter(name=connection).first()
    if found and action in found.connector_class.visits:
        return visit(request, found, action)
    return _by_staff(request, connection, action)


@staff_member_required
@permission_required("connectors.change_connection", raise_exception=True)
def _by_staff(request: HttpRequest, connection: str, action: str) -> HttpResponseBase:
    found = get_object_or_404(Connection, name=connection)
    if action not in ACTIONS or not connect(found).logs_in_by_person():
        raise Http404
    return ACTIONS[action](request, found)


@xframe_options_exempt
def visit(request: HttpRequest, connection: Connection, action: str) -> HttpResponseBase:
    """The page stands in a frame of the vendor's own."""
    try:
        done = connect(connection).visited(action, request.GET.dict(), redirect_uri(connection, action))
    except BadSignature:
        return TemplateResponse(request, "admin/hub/visited.html", {"sentence": NOT_GENUINE}, status=403)
    except ConnectorError as error:
        return TemplateResponse(request, "admin/hub/visited.html", {"sentence": str(error)}, status=502)
    if done.logged_in:
        come_back(connection)
    return TemplateResponse(request, "admin/hub/visited.html", {"sentence": done.sentence})


def redirect_uri(connection: Connection, action: str = "callback") -> str:
    """The address to register with the vendor."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('connect', args=[connection.name, action])}"


def start(request: HttpRequest, connection: Connection) -> HttpResponseBase:
    """Off to the vendor, with a state that only this browser's session knows."""
    state = secrets.token_urlsafe(32)
    request.session[_key(connection)] = state
    return redirect(connect(connection).authorize_url(redirect_uri(connection), state))


def callback(request: HttpRequest, connection: Connection) -> HttpResponseBase:
    """Back from the vendor, with a code to exchange or a refusal."""
    expected = request.session.pop(_key(connection), "")
    given = request.GET.get("state", "")
    if not expected or not secrets.compare_digest(expected.encode(), given.encode()):
        messages.error(request, "This login did not start here, or it took too long. Press “Log in” once more.")
    elif not request.GET.get("code"):
        messages.error(request, "The login was not granted, so nothing has changed.")
    else:
        _exchange(request, connection, request.GET["code"])
    return redirect("admin:connectors_connection_change", connection.pk)


def _exchange(request: HttpRequest, connection: Connection, code: str) -> None:
    try:
        connect(connection).exchange(code, redirect_uri(connection))
    except ConnectorError as error:
        messages.error(request, f"The login did not work: {error}")
    else:
        come_back(connection)
        messages.success(request, f"You are logged in. “{connection}” can work again.")


def _key(connection: Connection) -> str:
    return f"connect:{connection.pk}"


ACTIONS: dict[str, Callable[[HttpRequest, Connection], HttpResponseBase]] = {"start": start, "callback": callback}
