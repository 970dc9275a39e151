"""Amounts as gateways write them: signs, brackets, currency signs, thousands, and either mark for the decimals. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

Mark = Literal[".", ","]
SPACES = str.maketrans("", "", "   '’\t ")
NUMBER = {
    ".": re.compile(r"(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?"),
    ",": re.compile(r"(\d{1,3}(\.\d{3})+|\d+)?(,\d*)?"),
}
AROUND = re.compile(r"^(?P<before>[^\d.,]*)(?P<number>[\d.,]*)(?P<after>[^\d.,]*)$")
SIGNS = re.compile(r"[-−–+()]")
MINUS = ("-", "−", "–", "(")
MOST = 15
"""Digits before the mark; more is no amount."""


def amount(text: str, mark: Mark) -> Decimal | None:
    """`($1,234.50)` → -1234.50; nothing → 0; None where it is no number written in this way."""
    found = AROUND.match(text.translate(SPACES))
    if found is None:
        return None
    around, number = found["before"] + found["after"], found["number"]
    if not number:
        return Decimal(0) if not SIGNS.sub("", around) else None
    if not NUMBER[mark].fullmatch(number) or number in (".", ","):
        return None
    if sum(around.count(sign) for sign in MINUS) > 1 or len(SIGNS.sub("", around)) > 3:
        return None
    plain = number.replace("," if mark == "." else ".", "").replace(mark, ".")
    if len(plain.partition(".")[0]) > MOST or len(plain.partition(".")[2]) > 4:
        return None
    value = Decimal(plain)
    return -value if any(sign in around for sign in MINUS) else value


def marks(cells: Iterable[str]) -> tuple[set[Mark], bool]:
    """In which ways all of these can be read, and whether it matters which one is meant."""
    ways: set[Mark] = {".", ","}
    differs = False
    for cell in cells:
        read = {way: amount(cell, way) for way in ways}
        ways = {way for way in ways if read[way] is not None}
        if len(ways) < 2:
            return ways, False
        differs = differs or read["."] != read[","]
    return ways, differs
