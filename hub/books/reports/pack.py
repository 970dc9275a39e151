"""The month-end pack: every report of a month in one zip file, with a manifest and the sums of its files."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.conf import settings

from hub import VERSION
from hub.accounting.amounts import in_minor_units
from hub.books.agreement import agreement
from hub.books.reports import csv_file, pack_words
from hub.books.reports.archive import Timeless, entry
from hub.books.reports.catalogue import REPORTS
from hub.books.reports.columns import CURRENCY, Kind, Row
from hub.books.reports.report import Report, days
from hub.books.reports.scope import Scope
from hub.books.reports.xlsx_file import Sheets
from hub.models import Installation

BLOCK = 1 << 20


@dataclass(frozen=True)
class Making:
    """Who asked for it, and when: all that differs between two packs of the same data."""

    by: str
    at: dt.datetime


class Sums:
    """What a report's rows come to: how many there are, and each column of money by currency."""

    def __init__(self, report: Report) -> None:
        names = [column.name for column in report.columns]
        self.currency = names.index(CURRENCY) if CURRENCY in names else None
        self.money = [(place, one.name) for place, one in enumerate(report.columns) if one.kind == Kind.MONEY]
        self.rows = 0
        self.totals: dict[str, dict[str, Decimal]] = {name: {} for _, name in self.money}

    def add(self, row: Row) -> None:
        self.rows += 1
        currency = str(row[self.currency]) if self.currency is not None else ""
        for place, name in self.money:
            amount = row[place]
            if isinstance(amount, Decimal):
                self.totals[name][currency] = self.totals[name].get(currency, Decimal(0)) + amount

    def told(self) -> dict[str, Any]:
        sums = {
            name: {currency: f"{in_minor_units(total, currency):f}" for currency, total in sorted(found.items())}
            for name, found in self.totals.items()
        }
        return {"rows": self.rows, "sums": sums}


def write(scope: Scope, file: IO[bytes], making: Making, reports: Iterable[Report] = REPORTS) -> None:
    """Into a file that can be sought in; never more than a part of it is in memory."""
    with Timeless(file, "w", allowZip64=True) as pack:
        files = [told for report in reports for told in _report(pack, report, scope)]
        files.append(_text(pack, "README.txt", pack_words.readme(scope, files)))
        _text(pack, "SHA256SUMS", "".join(f"{one['sha256']}  {one['name']}\n" for one in files))
        _text(pack, "manifest.json", json.dumps(_manifest(scope, making, files), indent=2, ensure_ascii=False) + "\n")


def file_name(scope: Scope) -> str:
    return f"month-end_{scope.books}_{days(scope.start, scope.end)}.zip"


def _report(pack: Timeless, report: Report, scope: Scope) -> Iterator[dict[str, Any]]:
    """Both files from one reading, so that they hold the same whatever happens meanwhile."""
    sums = Sums(report)
    with Sheets(report.title, report.columns) as sheets, tempfile.TemporaryFile() as book:
        rows = _watched(report.rows(scope), sums, sheets)
        written = _member(pack, report.file_name(scope, "csv"), csv_file.written(report.columns, rows))
        about = {"report": report.slug, **sums.told()}
        yield {**written, **about}
        sheets.save(book)
        book.seek(0)
        blocks = iter(lambda: book.read(BLOCK), b"")
        yield {**_member(pack, report.file_name(scope, "xlsx"), blocks), **about}


def _watched(rows: Iterable[Row], sums: Sums, sheets: Sheets) -> Iterator[Row]:
    for row in rows:
        sums.add(row)
        sheets.append(row)
        yield row


def _text(pack: Timeless, name: str, text: str) -> dict[str, Any]:
    return _member(pack, name, [text.encode()])


def _member(pack: Timeless, name: str, blocks: Iterable[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with pack.open(entry(name), "w", force_zip64=True) as member:
        for block in blocks:
            member.write(block)
            digest.update(block)
            size += len(block)
    return {"name": name, "bytes": size, "sha256": digest.hexdigest()}


def _manifest(scope: Scope, making: Making, files: list[dict[str, Any]]) -> dict[str, Any]:
    """`made_at` and `made_by` stand apart: all the rest is the same for the same data."""
    installation = Installation.objects.first()
    return {
        "made_at": making.at.isoformat(timespec="seconds"),
        "made_by": making.by,
        "installation": {"address": settings.PUBLIC_URL, "id": str(installation.lineage) if installation else ""},
        "version": VERSION,
        "books": str(scope.books or ""),
        "from": scope.start.isoformat(),
        "to": scope.end.isoformat(),
        "agree": _agree(scope),
        "time_zone": settings.TIME_ZONE,
        "files": files,
    }


def _agree(scope: Scope) -> bool:
    names = {flow.name for flow in scope.flows()}
    return all(pair.agrees for pair in agreement(scope.start, scope.end).pairs if pair.flow in names)
