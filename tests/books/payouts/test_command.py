"""The same from a terminal: a file, its deposits, and a status that says whether all is explained."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connectors.models import Connection
from hub.models import DepositRow, PayoutFile
from tests.books.payouts import files
from tests.books.payouts.conftest import Sell


def run(path: Path, text: str, *options: str) -> tuple[int, str]:
    path.write_text(text, newline="")
    out = io.StringIO()
    try:
        call_command("payouts", "books", str(path), *options, stdout=out, stderr=io.StringIO())
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_a_deposit_is_told_in_a_line_and_as_json(books: Connection, sell: Sell, tmp_path: Path) -> None:
    sell("1001", "100.00", "ch_1", refunded="20.00")
    sell("1002", "50.00", "ch_2")
    text = files.STRIPE.replace("re_1", "ch_1")
    status, said = run(tmp_path / "march.csv", text)
    assert status == 0 and "po_1 2026-03-05: 150.00 − 20.00 − 6.95 = 123.05 USD, explained" in said
    status, said = run(tmp_path / "march.csv", text, "--json")
    told: dict[str, Any] = json.loads(said)
    assert (status, told["explained"], told["deposits"][0]["deposit"]) == (0, True, "123.05")


def test_what_is_not_explained_is_the_status(books: Connection, tmp_path: Path) -> None:
    status, said = run(tmp_path / "march.csv", files.STRIPE)
    assert status == 1 and "130.00 not explained" in said


def test_what_is_unclear_is_asked_with_the_option_that_answers_it(books: Connection, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--currency") as refused:
        run(tmp_path / "square.csv", files.SQUARE)
    assert refused.value.returncode == 2
    assert run(tmp_path / "square.csv", files.SQUARE, "--currency", "USD")[0] == 1
    assert DepositRow.objects.count() == 2


def test_words_and_columns_can_be_said(books: Connection, tmp_path: Path) -> None:
    text = "Day,What,How much,Currency\n2026-03-01,klarna,10.00,EUR\n"
    said = ("--gateway", "acme", "--deposits", "file", "--word", "klarna=charge")
    columns = ("--column", "date=Day", "--column", "kind=What", "--column", "gross=How much")
    run(tmp_path / "acme.csv", text, *said, *columns)
    assert DepositRow.objects.get().kind == "charge" and PayoutFile.objects.get().gateway == "acme"


def test_a_refused_file_names_line_column_and_remedy(books: Connection, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"line 3, column net: Gross 50\.00 less the fee of 1\.75 is not net"):
        run(tmp_path / "march.csv", files.STRIPE.replace("48.25", "48.26"))


def test_books_that_are_none_are_refused_by_name(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="none yet"):
        run(tmp_path / "march.csv", files.STRIPE)
