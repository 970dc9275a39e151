"""What is thrown away, and when: only what nobody can need for the books any more."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from hub.models import WebhookRequest

UNVERIFIED = dt.timedelta(days=1)
VERIFIED = dt.timedelta(days=30)


def prune() -> int:
    """Requests that were not verified are kept a day to look at, others a month. Events stay for good."""
    now = timezone.now()
    strange = WebhookRequest.objects.filter(state=WebhookRequest.State.REJECTED, received_at__lt=now - UNVERIFIED)
    old = WebhookRequest.objects.filter(received_at__lt=now - VERIFIED)
    return strange.delete()[0] + old.delete()[0]
