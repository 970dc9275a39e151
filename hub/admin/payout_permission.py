"""Who may take in payout files, take them back, and say what their rows are."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

MAY = "hub.take_in_payouts"


def require_permission(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY):
        raise PermissionDenied
