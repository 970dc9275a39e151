"""From the bytes of a file to its lines and cells: encoding, delimiter, and where the heads of its columns stand. Pure."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hub.books.payouts import columns
from hub.books.payouts.faults import Unreadable

DELIMITERS = (",", ";", "\t", "|")
PREAMBLE = 30
"""Lines before the heads: a title, an account, a period."""
LONGEST = 1 << 20
"""Characters of one cell."""
CSV = "Save it as CSV with a line of column heads, as the gateway offers it, and upload that."
csv.field_size_limit(LONGEST)

Row = tuple[int, list[str]]
"""The line on which it ends, counted from 1, and its cells."""


@dataclass(frozen=True)
class Head:
    """`line` is where the heads stand."""

    delimiter: str
    line: int
    names: tuple[str, ...]


def encoding_of(blocks: Iterable[bytes]) -> str:
    """By its mark, else UTF-8 where all of it is, else the usual one of Western spreadsheets. Raises Unreadable."""
    first, utf8 = b"", codecs.getincrementaldecoder("utf-8")()
    strict = True
    for block in blocks:
        if not first:
            first = block[:4]
            _require_text(first)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in block:
            raise Unreadable("It is no text file", CSV)
        try:
            strict = strict and utf8.decode(block) is not None
        except UnicodeDecodeError:
            strict = False
    if not first:
        raise Unreadable("The file is empty", "Download it from the gateway again, with the days of the payout.")
    return "utf-8-sig" if strict and not utf8.getstate()[0] else "cp1252"


def rows(blocks: Iterable[bytes], encoding: str, delimiter: str) -> Iterator[Row]:
    """Those that hold anything. Raises Unreadable."""
    reader = csv.reader(_lines(blocks, encoding), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise Unreadable(f"It cannot be read as CSV: {error}", CSV, line=reader.line_num) from None


def head(blocks: Iterable[bytes], encoding: str) -> Head:
    """The line that names most of the columns we know; of several delimiters the one with which it does. `blocks` need
    not be more than the beginning. Raises Unreadable."""
    beginning = [*_first_lines(blocks, encoding)]
    best, found = 1, None
    for delimiter in DELIMITERS:
        for number, cells in _tolerant(beginning, delimiter):
            if columns.weight(cells) > best:
                best, found = columns.weight(cells), Head(delimiter, number, tuple(cells))
    return found or _any_head(beginning)


def _any_head(beginning: list[str]) -> Head:
    """Heads that nobody knows: the first line of the widest table."""
    tables = [(delimiter, [*_tolerant(beginning, delimiter)]) for delimiter in DELIMITERS]
    delimiter, read = max(tables, key=lambda table: max((len(cells) for _, cells in table[1]), default=0))
    width = max((len(cells) for _, cells in read), default=0)
    if width < 3:
        raise Unreadable("It has no table with heads of columns", CSV)
    line, cells = next((line, cells) for line, cells in read if len(cells) == width)
    return Head(delimiter, line, tuple(cells))


def _tolerant(lines: list[str], delimiter: str) -> Iterator[Row]:
    """Another delimiter than the file's own may make nonsense of its quotes."""
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        return


def _first_lines(blocks: Iterable[bytes], encoding: str) -> Iterator[str]:
    for number, line in enumerate(_lines(blocks, encoding)):
        if number >= PREAMBLE:
            return
        yield line


def _lines(blocks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """With their ends; also where those are of old Macintoshes. A line that is cut by a block waits for the next."""
    decoder, rest = codecs.getincrementaldecoder(encoding)("replace"), ""
    for block in blocks:
        text = rest + decoder.decode(block)
        lines = text.splitlines(keepends=True)
        rest = lines.pop() if lines else ""
        yield from lines
        if len(rest) > LONGEST:
            raise Unreadable("It has a line of more than a million characters", CSV)
    yield from (rest + decoder.decode(b"", final=True)).splitlines(keepends=True)


def _require_text(first: bytes) -> None:
    if first.startswith(b"PK") or first.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("It is an Excel file or an archive", CSV)
    if first.startswith(b"%PDF"):
        raise Unreadable("It is a PDF file", CSV)
