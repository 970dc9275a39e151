"""The contract of the files in words: docs/reports.md is this text, and a test compares the two."""

from __future__ import annotations

from hub.books.reports.catalogue import REPORTS
from hub.books.reports.report import Report
from hub.books.reports.xlsx_file import SHEET_ROWS

HEAD = f"""\
# Reports

What each report's files hold. Drawn from the declarations in `hub/books/reports/` by `manage.py report --describe`. The
columns are a contract: their names, kinds and order stay; a new column is added at the end.

Every report covers inclusive days of one books connection or flow, or of all. It can be looked at in the admin under
*Reports*, or written by `manage.py report SLUG --from D --to D [--books NAME] [--flow NAME] [--csv FILE | --xlsx FILE]`.

- **CSV**: RFC 4180 with commas, CRLF and one head row, in UTF-8 with a byte order mark, so that Excel opens it with all
  its accents (elsewhere: `utf-8-sig`). It is streamed, whatever its size.
- **XLSX**: a frozen head row with a filter; a further sheet after {SHEET_ROWS:,} rows. Texts are text cells, amounts
  numbers, dates dates.
- **text**: in CSV, what begins with `=`, `+`, `-`, `@`, a tab or a line break has an apostrophe in front of it, so that no
  spreadsheet takes it for a formula; what has apostrophes before such a sign already gets one more. In XLSX it stands as
  it is, in a cell that is no formula.
- **money**: with the decimals of the currency that the row names in `currency`: `12.50` EUR, `1250` JPY. A point for the
  decimals, nothing for the thousands.
- **percent**: `20` means 20 %. **count**: a whole number.
- **date**: `2026-03-31`. **date and time**: `2026-03-31 16:05:00` in the time zone of the installation.
- An empty cell means that there is no such value, or that it is not known yet; that is not 0.

What `manage.py reconcile FLOW --from D --to D --csv FILE` writes, and what can be downloaded from a reconciliation's page,
is the report `discrepancies` as CSV, with what that reconciliation has found or left open.

The month-end pack, `manage.py pack BOOKS MONTH FILE`, is one zip file with each report in both forms, a `README.txt`, a
`manifest.json` (who made it and when, whether the books agreed, and for each file its rows, its sums by column and
currency, and its SHA-256 sum), and `SHA256SUMS` for `sha256sum --check`. The same data makes the same files.
"""


def described() -> str:
    return "\n".join([HEAD, *(_report(report) for report in REPORTS)])


def _report(report: Report) -> str:
    rows = [f"| `{one.name}` | {one.kind} | {one.description} |" for one in report.columns]
    head = [f"## {report.title}", "", f"`{report.slug}`. {report.sentence}", "", "| column | kind | what it holds |"]
    return "\n".join([*head, "|---|---|---|", *rows, ""])
