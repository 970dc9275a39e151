"""Country codes and the English names that FreshBooks keeps instead."""

from __future__ import annotations

from functools import cache

from babel import Locale

ALIASES = {"usa": "US", "u.s.a.": "US", "united states of america": "US", "uk": "GB", "great britain": "GB"}
"""Spellings met in FreshBooks beside the standard names."""


@cache
def _names() -> dict[str, str]:
    return {str(code): name for code, name in Locale("en").territories.items() if str(code).isalpha()}


@cache
def _codes() -> dict[str, str]:
    return {**{name.casefold(): code for code, name in _names().items()}, **ALIASES}


def country_name(code: str) -> str:
    """ "CA" → "Canada". What is not a code stays as it is."""
    return _names().get(code.upper(), code)


def country_code(name: str) -> str:
    """ "Canada" → "CA"; empty where the name is nobody's."""
    code = name.strip().upper()
    return code if code in _names() else _codes().get(name.strip().casefold(), "")
