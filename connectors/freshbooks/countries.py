"""Country codes and the English names that FreshBooks keeps instead."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from babel import Locale

ALIASES = {
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "united states of america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "czech republic": "CZ",
    "turkey": "TR",
    "the netherlands": "NL",
    "holland": "NL",
    "russian federation": "RU",
    "republic of ireland": "IE",
    "republic of korea": "KR",
    "korea, south": "KR",
    "viet nam": "VN",
    "ivory coast": "CI",
    "hong kong": "HK",
    "macao": "MO",
    "macau": "MO",
    "macedonia": "MK",
    "swaziland": "SZ",
    "burma": "MM",
    "cape verde": "CV",
    "east timor": "TL",
    "palestine": "PS",
    "vatican": "VA",
}
"""Names that people write beside the standard ones."""


@cache
def _names() -> dict[str, str]:
    return {str(code): name for code, name in Locale("en").territories.items() if str(code).isalpha()}


@cache
def _codes() -> dict[str, str]:
    known = [(name, code) for code, name in _names().items()]
    return {_folded(name): code for name, code in (*known, *ALIASES.items())}


def country_name(code: str) -> str:
    """ "CA" → "Canada". What is not a code stays as it is."""
    return _names().get(code.upper(), code)


def country_code(name: str) -> str:
    """ "Canada" → "CA". What is nobody's name stays as it is: an address that is carried over without its country would be
    another one."""
    code = name.strip().upper()
    return code if code in _names() else _codes().get(_folded(name), name.strip())


def _folded(name: str) -> str:
    """ "Bosnia and Herzegovina" is "Bosnia & Herzegovina", "Saint Lucia" is "St. Lucia", "Cote d'Ivoire" "Côte d’Ivoire"."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    words = re.findall(r"\w+", "".join(one for one in letters if not unicodedata.combining(one)))
    return " ".join("st" if word == "saint" else word for word in words)
