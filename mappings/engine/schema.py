"""What a document consists of: its fields by dotted path, for checking rules before they meet a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from connectors import documents
from connectors.documents import Document


def document_classes() -> dict[str, type[Document]]:
    """Name → class, of everything that has a name of its own."""
    found = vars(documents).values()
    return {
        one.__name__: one
        for one in found
        if isinstance(one, type) and issubclass(one, Document) and one is not Document
    }


def find(kind: type[BaseModel], path: Sequence[int | str]) -> FieldInfo | None:
    """The field at the path. Indexes and names of free entries (`attributes.x`) are stepped over. None: no such field."""
    field: FieldInfo | None = None
    inside: type[BaseModel] | None = kind
    for part in path:
        if inside is None:
            return field if field is not None and _is_free(field.annotation) else None
        if isinstance(part, int) or part.isdecimal():
            continue
        field = inside.model_fields.get(part)
        if field is None:
            return None
        inside = model_in(field.annotation)
    return field


def has(kind: type[BaseModel], path: str) -> bool:
    return find(kind, path.split(".")) is not None


def siblings(kind: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """The fields that stand beside the one at the end of the path."""
    *way, _ = location
    above = find(kind, way) if way else None
    inside = model_in(above.annotation) if above else kind
    return list(inside.model_fields) if inside else []


def description(kind: type[BaseModel], location: Sequence[int | str]) -> str:
    """What the field's author says of it."""
    field = find(kind, location)
    return _described(field) if field else ""


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The document inside an annotation: in `tuple[Line, ...]` or `Address | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, (model_in(one) for one in get_args(annotation))), None)


def is_list(annotation: Any) -> bool:
    return get_origin(annotation) in (list, tuple) or any(is_list(one) for one in get_args(annotation))


def _is_free(annotation: Any) -> bool:
    return annotation is dict or get_origin(annotation) is dict


def _described(field: FieldInfo) -> str:
    """The field's own words, or those of its type, as in `Currency | None`."""
    if field.description:
        return field.description
    parts = [field.annotation, *get_args(field.annotation)]
    notes = [note for part in parts for note in getattr(part, "__metadata__", ())]
    return next((note.description for note in notes if isinstance(note, FieldInfo) and note.description), "")
