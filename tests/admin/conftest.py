"""Somebody of each group, logged in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from hub.setup import ensure_groups

LogIn = Callable[..., Client]


@pytest.fixture
def log_in(db: None) -> LogIn:
    """`log_in("Bookkeeper")` → a client logged in as somebody of that group; without a group, as a superuser."""
    ensure_groups()

    def log_in(group: str = "") -> Client:
        user = User.objects.create_user(f"somebody-{group.lower() or 'super'}", password="pw", is_staff=True)
        if group:
            user.groups.add(Group.objects.get(name=group))
        else:
            user.is_superuser = True
            user.save()
        client = Client()
        client.force_login(user)
        return client

    return log_in
