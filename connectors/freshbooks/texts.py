"""Texts as FreshBooks takes them. That it refuses emoji (errno 1036) and cuts nothing by itself (1017) is inferred from
its table of errors (API sheet, 4.1 and 7); what is left out here costs no cent, and a refused invoice does."""

from __future__ import annotations

import re
from typing import Any

SHORT = 255
"""Characters of a name."""
KEYS = frozenset({"email", "sku", "invoice_number", "credit_number"})
"""By these a record is found again, so they go as they are or not at all."""
EMOJI = re.compile("[\U00010000-\U0010ffff][\ufe0f\u200d\U00010000-\U0010ffff]*")
SPACES = re.compile(" {2,}")
NOTHING = "–"


def sayable(value: Any) -> Any:
    """The same body without characters that FreshBooks has no room for; a text of nothing else becomes a dash."""
    if isinstance(value, dict):
        return {name: inner if name in KEYS else sayable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [sayable(inner) for inner in value]
    if isinstance(value, str) and EMOJI.search(value):
        return SPACES.sub(" ", EMOJI.sub("", value)).strip() or NOTHING
    return value


def headed(name: str, description: str) -> tuple[str, str]:
    """A name that is too long goes on at the head of the description."""
    if len(name) <= SHORT:
        return name, description
    return name[:SHORT], "\n".join(filter(None, (name[SHORT:], description)))
