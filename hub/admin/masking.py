"""What must not be shown of a stored request: anything that could be used to log in, or to sign in another's name."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from hub.intake.masking import MASK, SECRETIVE, masked


def pretty(value: Any) -> str:
    """JSON for people, masked."""
    return json.dumps(masked(value), indent=2, ensure_ascii=False, default=str)


def readable_body(body: bytes | memoryview[int]) -> str:
    """JSON and forms are laid out and masked; other text is shown only where nothing in it looks secretive."""
    text = bytes(body).decode("utf-8", "replace")
    try:
        return pretty(json.loads(text))
    except ValueError:
        pass
    pairs = parse_qsl(text, keep_blank_values=True) if "=" in text else []
    if pairs:
        return "\n".join(f"{name} = {masked(value, name)}" for name, value in pairs)
    return MASK if SECRETIVE.search(text) else text
