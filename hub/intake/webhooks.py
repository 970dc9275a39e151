"""The webhook door: verifies, stores, answers in a few milliseconds, and never says why something was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from connectors.base import Webhook
from connectors.models import Connection
from hub.intake.doors import door
from hub.intake.inbox import receive
from hub.models import WebhookRequest

PATH = "/webhooks/"
CHALLENGE_LIMIT = 500


def straight_to_the_door(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a webhook needs no session, no login, no message and no page, so it goes past all that comes after."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PATH):
            return get_response(request)
        view, args, kwargs = resolve(request.path_info)
        answer: HttpResponse = view(request, *args, **kwargs)
        answer["Content-Length"] = str(len(answer.content))
        return answer

    return middleware


@csrf_exempt
@require_http_methods(["POST", "GET"])
def receive_webhook(request: HttpRequest, name: str) -> HttpResponse:
    """202 stored · 400 cannot be read or stored · 401 not verified · 404 no such door · 413 too large · 503 the vendor should
    send it again. A GET is a vendor's challenge: its echo is all it gets."""
    try:
        connection = door(name)
        if connection is None:
            raise Http404
        return _echo(request) if request.method == "GET" else _received(connection, request)
    except DataError:
        return HttpResponse(status=400)
    except IntegrityError:  # the connection was deleted a moment ago
        return HttpResponse(status=404)
    except (DatabaseError, InterfaceError):
        return HttpResponse(status=503, headers={"Retry-After": "5"})


def _echo(request: HttpRequest) -> HttpResponse:
    challenge = request.GET.get("challenge", "")
    if len(challenge) > CHALLENGE_LIMIT:
        return HttpResponse(status=400)
    return HttpResponse(challenge, content_type="text/plain")


def _received(connection: Connection, request: HttpRequest) -> HttpResponse:
    try:
        body = _body(request)
    except OSError:  # the sender went away
        return HttpResponse(status=400)
    if len(body) > settings.WEBHOOK_SIZE_LIMIT:
        return HttpResponse(status=413)
    webhook = Webhook(
        body=body,
        headers={**{name.lower(): value for name, value in request.headers.items()}, "remote-addr": _sender(request)},
        query=request.GET.dict(),
        received_at=timezone.now(),
    )
    stored = receive(connection, webhook)
    return HttpResponse(status=401 if stored.state == WebhookRequest.State.REJECTED else 202)


def _sender(request: HttpRequest) -> str:
    """Behind a proxy of ours, whoever that saw: the last that it has added. Others may write there what they like."""
    sender = str(request.META.get("REMOTE_ADDR") or "")
    seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return seen if seen and sender in settings.TRUSTED_PROXIES else sender


def _body(request: HttpRequest) -> bytes:
    """At most one byte more than we take, whatever length was announced. Django reads nothing of a body without an
    announced length; where the server itself ends the stream, as gunicorn does, it can be read all the same."""
    announced = request.META.get("CONTENT_LENGTH")
    stream: Any = request
    if not announced and request.META.get("wsgi.input_terminated"):
        stream = request.META["wsgi.input"]
    read: bytes = stream.read(settings.WEBHOOK_SIZE_LIMIT + 1)
    return read
