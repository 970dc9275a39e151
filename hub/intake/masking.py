"""What must not be kept or shown of a request: anything that could be used to log in, or to sign in another's name."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

MASK = "••••••"
SECRETIVE = re.compile(
    r"secret|token|password|passwd|signature|hmac|verifier|credential|authorization|cookie|api.?key", re.IGNORECASE
)
TELLING = 8
"""Shorter secrets, such as a number, may stand in any text by chance."""


def masked(value: Any, name: str = "", secrets: Collection[str] = ()) -> Any:
    """The same value, with everything under a secretive name replaced, and every text that holds one of the secrets."""
    if name and SECRETIVE.search(name):
        return MASK if value else value
    if isinstance(value, Mapping):
        return {key: masked(inner, str(key), secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, "", secrets) for inner in value]
    if isinstance(value, str) and any(len(secret) >= TELLING and secret in value for secret in secrets):
        return MASK
    return value
