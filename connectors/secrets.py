"""Secrets at rest: a JSON field encrypted with Fernet under the newest key, readable under any key still listed."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def ring() -> MultiFernet:
    """The keys of COUNTINGHOUSE_FIELD_KEYS, newest first; without it, those of a 0600 file that is made once."""
    return _ring(tuple(settings.FIELD_KEYS) or _keys_of(Path(settings.FIELD_KEY_FILE)))


def _keys_of(path: Path) -> tuple[str, ...]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(Fernet.generate_key().decode())
        except FileExistsError:
            pass  # another process made it at the same moment
    return tuple(path.read_text().split())


def encrypt(value: dict[str, str]) -> str:
    return ring().encrypt(json.dumps(value).encode()).decode()


def decrypt(token: str) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(ring().decrypt(token.encode()))
    except InvalidToken:
        raise ImproperlyConfigured(
            "A stored secret cannot be read with any key in COUNTINGHOUSE_FIELD_KEYS: add the key it was written under"
        ) from None
    return found


def rotated(token: str) -> str:
    """The same secret under the newest key."""
    return ring().rotate(token.encode()).decode()


class SecretsField(models.TextField):  # type: ignore[type-arg]
    """A dict of names and secrets, encrypted as one token."""

    def from_db_value(self, value: str | None, *_: Any) -> dict[str, str]:
        return decrypt(value) if value else {}

    def get_prep_value(self, value: Any) -> str:
        return encrypt(value) if value else ""

    def to_python(self, value: Any) -> dict[str, str]:
        return value if isinstance(value, dict) else {}

    def value_to_string(self, obj: models.Model) -> str:
        """Never in a fixture or dump."""
        return ""
