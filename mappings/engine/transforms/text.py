"""Transforms of text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

from mappings.engine import functions, values
from mappings.engine.errors import Trouble
from mappings.engine.functions import Tables
from mappings.engine.transforms.catalogue import Argument, transform

_BLOCKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style", "head", "title"})


@transform("Trim", "Removes spaces at both ends, and doubled ones between words")
def trim(value: Any) -> str:
    return functions.trim(value)


@transform("Capitals", "Writes it in capitals")
def upper(value: Any) -> str:
    return values.text(value).upper()


@transform("Small letters", "Writes it in small letters")
def lower(value: Any) -> str:
    return values.text(value).lower()


@transform("Title", "Gives each word a capital, and leaves the rest as it is")
def title(value: Any) -> str:
    return re.sub(r"(?<![\w'’])\w", lambda match: match[0].upper(), values.text(value))


@transform("Cut", "Cuts it to so many characters", Argument("characters", "whole"))
def truncate(value: Any, characters: int) -> str:
    return values.text(value)[: max(characters, 0)].rstrip()


@transform("Digits only", "Keeps the digits 0 to 9 and nothing else")
def digits(value: Any) -> str:
    return re.sub(r"[^0-9]", "", values.text(value))


@transform("Put before", "Puts a text before it", Argument("text"))
def prefix(value: Any, text: str) -> str:
    return values.short(text + values.text(value))


@transform("Put after", "Puts a text after it", Argument("text"))
def suffix(value: Any, text: str) -> str:
    return values.short(values.text(value) + text)


@transform("Replace", "Replaces one text by another", Argument("old"), Argument("new", default=""))
def replace(value: Any, old: str, new: str) -> str:
    return functions.replace(value, old, new)


@transform("Otherwise", "Takes this where the value is empty", Argument("value"), fills=True)
def default(value: Any, instead: str) -> Any:
    return instead if values.is_empty(value) else value


@transform(
    "Look up",
    "Takes the row of a lookup table; without an alternative a missing row is an error",
    Argument("table", "table"),
    Argument("otherwise", default=""),
    uses_tables=True,
)
def lookup(value: Any, table: str, otherwise: str, *, tables: Tables) -> Any:
    return functions.look_up(tables, table.strip(), value, otherwise or None)


@transform("Unescape", "Turns &amp; back into &, and the like")
def unescape(value: Any) -> str:
    return html.unescape(values.text(value))


@transform("Plain text", "Removes HTML tags and keeps their text, one paragraph to a line")
def strip_html(value: Any) -> str:
    reader = _Reader()
    reader.feed(values.text(value))
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.heard).splitlines())
    return "\n".join(line for line in lines if line)


@transform("Telephone", "Keeps +, digits and single spaces; leaves alone what is no number")
def phone(value: Any) -> str:
    """Never loses a digit: an extension's words stay."""
    text = functions.trim(value)
    cleaned = " ".join(re.sub(r"[().\-/\u2010-\u2015]", " ", text).split())
    return cleaned if re.fullmatch(r"\+?[0-9 ]+", cleaned) else text


@transform("Yes or no", "Reads yes, true, 1, on and no, false, 0, off")
def yes_no(value: Any) -> bool:
    word = values.text(value).strip().lower()
    if word in {"yes", "y", "true", "t", "1", "on", "enabled"}:
        return True
    if word in {"no", "n", "false", "f", "0", "off", "disabled"}:
        return False
    raise Trouble(f"{word!r} is neither yes nor no.", "Use a lookup table for such words.", value=value)


class _Reader(HTMLParser):
    """Hears the text between the tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.heard: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.heard.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(self._unseen - (tag in _UNSEEN), 0)
        if tag in _BLOCKS:
            self.heard.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.heard.append(data)
