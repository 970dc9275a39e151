"""A flow's accounting choices as a form, made from the fields of `Policy`: nobody ever edits JSON."""

from __future__ import annotations

import datetime as dt
import types
from typing import Any, Literal, Union, get_args, get_origin

from django import forms
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from hub.accounting.policy import DueFrom, FixedRate, Policy, policy_from
from hub.admin.dress import dressed
from hub.admin.policy_words import CHOICES, HELP, INNER_TITLES
from hub.admin.words import plain

PREFIX = "policy-"


def policy_fields(values: dict[str, Any]) -> dict[str, forms.Field]:
    """Form fields by name, filled with the flow's choices. Groups such as `write_back` are spread out."""
    policy = policy_from(values)
    return {PREFIX + name: dressed(_field(name, info, value)) for name, info, value in _flat(policy)}


def policy_values(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What was chosen, in the shape of a policy."""
    found: dict[str, Any] = {}
    for name, value in cleaned.items():
        if name.startswith(PREFIX):
            group, _, inner = name.removeprefix(PREFIX).partition(".")
            read = _read(group, value)
            if inner:
                found.setdefault(group, {})[inner] = read
            else:
                found[group] = read
    return found


def complaints(values: dict[str, Any]) -> dict[str, str]:
    """Field of the form → what is wrong with it."""
    try:
        policy_from(values)
    except ValidationError as error:
        return {_place(one["loc"]): str(one["msg"]).removeprefix("Value error, ") for one in error.errors()}
    return {}


def _flat(policy: Policy) -> list[tuple[str, FieldInfo, Any]]:
    flat: list[tuple[str, FieldInfo, Any]] = []
    for name, info in Policy.model_fields.items():
        value = getattr(policy, name)
        if isinstance(value, BaseModel) and not isinstance(value, DueFrom):
            flat += [(f"{name}.{inner}", one, getattr(value, inner)) for inner, one in type(value).model_fields.items()]
        else:
            flat.append((name, info, value))
    return flat


def _field(name: str, info: FieldInfo, value: Any) -> forms.Field:
    label = INNER_TITLES.get(name) or info.title or plain(name).capitalize()
    common: dict[str, Any] = {
        "label": label,
        "help_text": HELP.get(name, info.description or ""),
        "initial": _shown(value),
        "required": False,
    }
    kind = _kind(info.annotation)
    if get_origin(kind) is Literal:
        choices = [(choice, CHOICES.get((name, choice), plain(choice).capitalize())) for choice in get_args(kind)]
        return forms.ChoiceField(**{**common, "required": True}, choices=choices)
    if kind is bool:
        return forms.BooleanField(**common)
    if kind is int:
        return forms.IntegerField(**{**common, "required": True})
    if kind is dt.date:
        return forms.DateField(**common)
    if get_origin(kind) in (dict, tuple):
        return forms.CharField(**common, widget=forms.Textarea(attrs={"rows": 4}))
    return forms.CharField(**common)


def _kind(annotation: Any) -> Any:
    """Without `| None`; a choice between types is asked for as text."""
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    rest = [part for part in get_args(annotation) if part is not type(None)]
    return rest[0] if len(rest) == 1 else str


def _shown(value: Any) -> Any:
    """Tables as one line each: `checkmo = Check`, `EUR = 1.08`."""
    match value:
        case dict():
            return "\n".join(f"{key} = {one}" for key, one in value.items())
        case tuple():
            return "\n".join(_rate_line(one) if isinstance(one, FixedRate) else str(one) for one in value)
        case DueFrom():
            return value.path
    return value


def _read(name: str, value: Any) -> Any:
    match name:
        case "payment_types" | "owners":
            return dict(_pair(line) for line in _lines(value))
        case "owns":
            return [line.strip() for line in _lines(value)]
        case "rates":
            return [_rate(line) for line in _lines(value)]
        case "due_days":
            text = str(value or "0").strip()
            return int(text) if text.isdecimal() else {"from": text}
    return value.isoformat() if isinstance(value, dt.date) else value


def _rate_line(rate: FixedRate) -> str:
    aside = "; ".join(str(one) for one in (rate.source, rate.date) if one)
    return f"{rate.currency} = {rate.rate:f}; {aside}"


def _rate(line: str) -> dict[str, Any]:
    currency, rest = _pair(line)
    rate, *aside = (part.strip() for part in rest.split(";"))
    return {"currency": currency, "rate": rate, **dict(zip(("source", "date"), aside, strict=False))}


def _pair(line: str) -> tuple[str, str]:
    key, _, value = line.partition("=")
    return key.strip(), value.strip()


def _lines(text: str) -> list[str]:
    return [line for line in (text or "").splitlines() if line.strip()]


def _place(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else ""
    inner = f".{location[1]}" if len(location) > 1 and f"{name}.{location[1]}" in INNER_TITLES else ""
    return f"{PREFIX}{name}{inner}"
