"""Is a request genuine? Asked once, at the door; and again later only where a fault of ours kept it from being answered."""

from __future__ import annotations

import logging

from connectors.base import Webhook
from connectors.errors import BadSignature
from connectors.models import Connection
from connectors.vault import connect
from hub.engine import clock
from hub.intake.masking import masked
from hub.intake.pacing import next_try
from hub.intake.storing import DISTURBED
from hub.models import WebhookRequest

logger = logging.getLogger(__name__)
SOONEST, LATEST = 60.0, 6 * 3600.0


def verify(connection: Connection, request: WebhookRequest, webhook: Webhook) -> None:
    """Writes into the request, not into the database: verified, or rejected, or why it has to be asked again later.
    Raises the database's errors. Once it is answered, what could be used to sign is taken away."""
    try:
        _verify(connection, webhook)
    except BadSignature as error:
        request.state, request.problem, request.retry_at = WebhookRequest.State.REJECTED, str(error)[:300], None
    except DISTURBED:
        raise
    except Exception as error:
        put_off(request, error)
        return
    else:
        request.verified, request.problem = True, ""
    secrets = connection.secrets.values()
    request.headers = masked(request.headers, secrets=secrets)
    request.query = masked(request.query, secrets=secrets)


def put_off(request: WebhookRequest, error: Exception) -> None:
    """A fault in a connector loses nothing: the request stays stored, a person sees why, and it is tried again."""
    logger.error("%s could not be read", request, exc_info=error)
    request.problem = f"{type(error).__name__}: {error}".replace("\x00", "")[:300]
    request.tries = max(request.tries, 1)
    request.retry_at = next_try(request.received_at or clock.now(), soonest=SOONEST, latest=LATEST)


def _verify(connection: Connection, webhook: Webhook) -> None:
    """Nobody is refused for what is only remembered: the secret may have changed a moment ago."""
    try:
        connect(connection, secrets=dict(connection.secrets)).verify(webhook)
    except BadSignature:
        connect(Connection.objects.get(pk=connection.pk)).verify(webhook)
