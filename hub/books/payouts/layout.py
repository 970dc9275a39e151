"""How a file is read: what was recognised, and what a person has said about it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Literal

from pydantic import ConfigDict

from connectors.documents import Document
from hub.books.payouts.columns import Columns, plain
from hub.books.payouts.kinds import Kind
from hub.books.payouts.numbers import Mark

Grouping = Literal["column", "next", "day", "file"]
GROUPINGS: dict[Grouping, str] = {
    "column": "by the payout that each row names, or the day on which it was paid",
    "next": "each row belongs to the next payout row after it",
    "day": "each day is a deposit of its own",
    "file": "the whole file is one deposit",
}


class Answers(Document):
    """What a person has said; what they left open is recognised. `words` are the gateway's own, written plainly."""

    gateway: str = ""
    columns: Columns | None = None
    mark: Mark | None = None
    dates: str = ""
    words: dict[str, Kind] = {}
    currency: str = ""
    grouping: Grouping | None = None
    post_fees: bool = False

    def of_the_gateway(self) -> Answers:
        """What holds for every account with this gateway: not its currency, nor how its country writes, nor what is to
        be posted."""
        return Answers(columns=self.columns, words=self.words)


class Layout(Document):
    """Everything that is needed to read a row."""

    model_config = ConfigDict(str_strip_whitespace=False)  # a tab is a delimiter

    gateway: str
    encoding: str
    delimiter: str
    head_line: int
    heads: tuple[str, ...]
    columns: Columns
    mark: Mark
    dates: str
    words: dict[str, Kind] = {}
    signed: bool = True
    """Amounts say by their sign what they do to the balance; else the row's kind does."""
    fees_negative: bool = False
    currency: str = ""
    """Of every row, where no column tells."""
    grouping: Grouping = "column"

    def places(self, field: str) -> list[int]:
        """Where its columns stand."""
        return [self.heads.index(head) for head in self.columns.get(field, ())]


def signature(heads: Sequence[str]) -> str:
    """By which the next file of the same shape is known."""
    return hashlib.sha256(json.dumps([plain(head) for head in heads]).encode()).hexdigest()
