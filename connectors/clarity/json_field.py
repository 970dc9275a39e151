"""A table that a person writes as JSON: checked as it is typed, with the place and the remedy in the complaint."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

Check = Callable[[Mapping[str, Any]], object]
"""Raises ValueError, whose sentence is shown."""


class TableField(forms.JSONField):
    """An object; empty is an empty one. `example` is shown where it cannot be read."""

    widget = forms.Textarea

    def __init__(self, *, example: str, check: Check, **more: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}), **more)
        self.example = example
        self.check = check

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return {}
        found = json_of(value) if isinstance(value, str) else value
        if not isinstance(found, dict):
            raise ValidationError(f"This is {found!r}. Write names and values in braces, such as {self.example}")
        return found

    def clean(self, value: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.to_python(value)
        try:
            self.check(found)
        except ValueError as error:
            raise ValidationError(f"{error}.") from None
        return found

    def prepare_value(self, value: Any) -> Any:
        """As a person reads it; what they typed stays as it is."""
        return json.dumps(value, indent=2, ensure_ascii=False) if isinstance(value, dict) and value else value or ""


def json_of(written: str) -> Any:
    """Raises ValidationError, which says where it is broken."""
    try:
        return json.loads(written)
    except json.JSONDecodeError as error:
        line = written.splitlines()[error.lineno - 1] if written.strip() else ""
        raise ValidationError(
            f"This is no JSON: {error.msg.lower()} in line {error.lineno}, at “{line[max(error.colno - 1, 0) :][:30]}”. "
            "Names and texts stand in double quotes, and commas between them."
        ) from None


def texts(allowed: tuple[str, ...]) -> Check:
    """Each value must be one of these words."""

    def check(table: Mapping[str, Any]) -> None:
        for name, value in table.items():
            if value not in allowed:
                raise ValueError(f"“{name}” is mapped to {value!r}; use one of {', '.join(allowed)}")

    return check


def plain_values(table: Mapping[str, Any]) -> None:
    for name, value in table.items():
        if not isinstance(value, str | int | float | bool):
            raise ValueError(f"“{name}” is {value!r}; write a text or a number")
