"""Alerts: raised when something is noticed, ended when it is so no more or a person has seen to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from hub.models import Alert


def raise_alert(kind: str, key: str, message: str, remedy: str = "", *, about: Mapping[str, Any] | None = None) -> bool:
    """True if it is news. One that is open already is told anew, not doubled. `about` is what a person who has seen to
    it has seen, for whoever must not tell the same again."""
    told = {"message": message, "remedy": remedy, "about": dict(about or {})}
    _, new = Alert.objects.update_or_create(kind=kind, key=key[:200], ended_at=None, defaults=told)
    return new


def end_alert(kind: str, key: str, by: str = "") -> bool:
    """True if it was open. `by` is empty where it ended by itself."""
    still = open_alerts().filter(kind=kind, key=key[:200])
    return bool(still.update(ended_at=timezone.now(), ended_by=by))


def open_alerts() -> QuerySet[Alert]:
    return Alert.objects.filter(ended_at=None)


def still_open(kind: str, beginning: str) -> QuerySet[Alert]:
    """Of this kind, whose keys begin so."""
    return open_alerts().filter(kind=kind, key__startswith=beginning)


def seen_to(kind: str, key: str) -> QuerySet[Alert]:
    """Those that a person has ended."""
    return Alert.objects.filter(kind=kind, key=key[:200], ended_at__isnull=False).exclude(ended_by="")
