"""The vendor's webhooks, where the hub may look after them itself: made when a flow first reads from a connection, healed
at every poll, deleted together with the connection."""

from __future__ import annotations

import logging

from django.conf import settings
from django.urls import reverse

from connectors.base import Connector
from connectors.errors import ConnectorError, OutcomeUnknown, RateLimited, Rejected, RetryLater
from connectors.models import Connection
from connectors.vault import connect
from hub.engine.calling import calling

logger = logging.getLogger(__name__)


def webhook_url(connection: Connection) -> str:
    """Where its vendor is to send them."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('webhook', args=[connection.name])}"


def can_be_reached(connector: Connector) -> bool:
    """Whether its vendor sends webhooks to where this hub is."""
    return not connector.webhooks_need_https or settings.PUBLIC_URL.startswith("https://")


def subscribe(connection: Connection, connector: Connector) -> None:
    """A vendor that refuses, one that cannot reach us, and one whose webhooks are out of order, is asked for changes all
    the same. Raises what keeps it from being read as well."""
    if not connector.offers("subscriptions") or not can_be_reached(connector):
        return
    wanted = connection.flows_out.values_list("source_resource", flat=True).distinct()
    try:
        with calling(connection):
            connector.subscriptions(set(wanted), webhook_url(connection))
    except RateLimited:
        raise
    except (Rejected, RetryLater, OutcomeUnknown) as error:
        expected = logging.DEBUG if not settings.PUBLIC_URL.startswith("https://") else logging.WARNING
        logger.log(expected, "%s registers no webhooks: %s", connection, error)


def unsubscribe(connection: Connection) -> str:
    """Before it is deleted. Returns why its webhooks may live on, in a sentence; empty where they are gone, or where there
    were none to delete."""
    connector = connect(connection)
    if not connector.offers("subscriptions"):
        return ""
    try:
        connector.subscriptions((), webhook_url(connection))
    except ConnectorError as error:
        return f"Its webhooks could not be deleted: {error}"
    return ""
