"""The doorbell: django-q2 with its ORM broker. Tasks carry no data; losing one costs at most one sweep."""

from __future__ import annotations

from django_q.brokers.orm import ORM


class Doorbell(ORM):
    """The ORM broker of the hub."""
