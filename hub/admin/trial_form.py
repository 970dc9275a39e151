"""Records as JSON, pasted from the vendor's own answers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from connectors.base import Resource
from hub.admin.dress import dress


class PastedField(forms.CharField):
    """Its value is what the JSON says, numbers as Decimal; nothing pasted is None."""

    def clean(self, value: Any) -> Any:
        pasted: str = super().clean(value)
        if not pasted:
            return None
        try:
            found = json.loads(pasted, parse_float=Decimal)
        except json.JSONDecodeError as error:
            raise ValidationError(
                f"This is no JSON: {error.msg.lower()} in line {error.lineno}, column {error.colno}. "
                "Paste the whole answer, from the first brace to the last."
            ) from None
        if not isinstance(found, dict | list):
            raise ValidationError("This is a single value. Paste the whole record, from the first brace to the last.")
        return found


class TrialForm(forms.Form):
    """One field for each piece that makes up such a record; only the record itself must be there."""

    def __init__(self, resource: type[Resource[Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for position, (name, label) in enumerate(resource.pieces.items()):
            area = forms.Textarea(attrs={"rows": 12 if not position else 6, "spellcheck": "false"})
            self.fields[name] = PastedField(label=label, required=not position, strip=True, widget=area)
        dress(self)
