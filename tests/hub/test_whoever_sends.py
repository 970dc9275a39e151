"""From which address a webhook comes: as our own door sees it, whatever its sender says."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from hub.models import WebhookRequest
from tests.hub.corner_shop import open_shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("corner_shop")]


def sender(remote: str, **headers: str) -> str:
    open_shop("shop")
    Client().post("/webhooks/shop/", b"{}", content_type="application/json", REMOTE_ADDR=remote, headers=headers)
    return str(WebhookRequest.objects.get().headers["remote-addr"])


def test_it_is_the_caller_s_own() -> None:
    assert sender("203.0.113.7") == "203.0.113.7"


def test_nobody_can_claim_another() -> None:
    claims = {"Remote-Addr": "198.51.100.1", "X-Forwarded-For": "198.51.100.1"}
    assert sender("203.0.113.7", **claims) == "203.0.113.7"


def test_behind_a_proxy_of_ours_it_is_what_the_proxy_saw(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    assert sender("10.0.0.1", **{"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}) == "203.0.113.7"
