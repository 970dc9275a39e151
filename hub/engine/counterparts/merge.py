"""Three values of one field, and what to do: what the source has, what the target has, and what both had when the flow
last looked. Pure.

Values are compared as people read them: spaces at the ends, the letters' case in an e-mail address and the zeros of an
amount make no difference; of an address only the place counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import TypeAdapter

from connectors.documents import Address, Document

PLACE = ("street", "street2", "city", "postcode", "country")
REGION = ("region", "region_code")
Verdict = Literal["agree", "write", "theirs", "clash", "apart"]
"""Both hold the same; only the source has changed; only the target has; both have; none has, though they differ."""


def verdict(source: Any, target: Any, agreed: tuple[Any, Any] | list[Any]) -> Verdict:
    """`agreed` is the source's and the target's value when the flow last looked. Never having looked, it is two times
    nothing: what only one side has then goes to the other."""
    if same(source, target):
        return "agree"
    ours, theirs = not same(source, agreed[0]), not same(target, agreed[1])
    if ours and theirs:
        return "clash"
    return "write" if ours else "theirs" if theirs else "apart"


def same(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return _same_place(one, other)
    return _read(one) == _read(other)


def plain(value: Any) -> Any:
    """As it is kept and compared: text, or an address in its parts; None for nothing."""
    if isinstance(value, Address):
        parts = {name: str(getattr(value, name)) for name in (*PLACE, *REGION)}
        return parts if any(parts.values()) else None
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value).strip() or None if value is not None else None


def value_of(document: Document, name: str) -> Any:
    return plain(getattr(document, name))


def with_values(document: Document, values: Mapping[str, Any]) -> Any:
    """The document with kept values in the place of its own, typed as it types them."""
    return document.model_copy(update={name: typed(document, name, value) for name, value in values.items()})


def typed(document: Document, name: str, value: Any) -> Any:
    """A kept value as the document would hold it; nothing is whatever the document says that nothing is."""
    field = type(document).model_fields[name]
    if value is None:
        return field.get_default(call_default_factory=True) if not field.is_required() else ""
    kind: Any = field.annotation
    return TypeAdapter(kind).validate_python(value)


def _same_place(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """A region goes by its name or by its code, and some systems keep only one of the two."""
    if any(_read(one.get(name)) != _read(other.get(name)) for name in PLACE):
        return False
    regions = [{_read(side.get(name)) for name in REGION} - {""} for side in (one, other)]
    return regions[0] == regions[1] or bool(regions[0] & regions[1])


def _read(value: Any) -> str:
    text = " ".join(str("" if value is None else value).split())
    return text.lower() if "@" in text else text
