"""The webhook door: stores, verifies, answers in a few milliseconds, and never says why something was refused."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from connectors.base import Webhook
from connectors.models import Connection
from hub.intake.inbox import receive
from hub.models import WebhookRequest


@csrf_exempt
@require_http_methods(["POST", "GET"])
def receive_webhook(request: HttpRequest, name: str) -> HttpResponse:
    """202 stored and verified · 401 not verified · 404 no such connection · 413 too large · 503 the vendor should send
    it again. A GET is a vendor's challenge: its echo is all it gets."""
    connection = get_object_or_404(Connection, name=name)
    if request.method == "GET":
        return HttpResponse(request.GET.get("challenge", ""), content_type="text/plain")
    if int(request.headers.get("Content-Length") or 0) > settings.WEBHOOK_SIZE_LIMIT:
        return HttpResponse(status=413)
    webhook = Webhook(
        body=request.body,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        received_at=timezone.now(),
    )
    try:
        stored = receive(connection, webhook)
    except DatabaseError:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    return HttpResponse(status=401 if stored.state == WebhookRequest.State.REJECTED else 202)
