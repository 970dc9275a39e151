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
from tests.books.payouts.test_fees_of_cut_payouts import APRIL, MARCH, expenses
from tests.hub.world import World


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


def test_a_file_is_taken_back_with_a_reason_and_asked_about_anew(books: Connection, tmp_path: Path) -> None:
    run(tmp_path / "square.csv", files.SQUARE, "--currency", "EUR")
    status, said = run(tmp_path / "square.csv", files.SQUARE, "--take-back", "these are dollars")
    assert status == 0 and "Gone: 2 rows, 1 deposits" in said and not DepositRow.objects.exists()
    with pytest.raises(CommandError, match="--currency"):
        run(tmp_path / "square.csv", files.SQUARE)
    run(tmp_path / "square.csv", files.SQUARE, "--currency", "USD")
    assert {one.currency for one in DepositRow.objects.all()} == {"USD"}


def test_what_was_not_taken_in_cannot_be_taken_back(books: Connection, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file of this content") as refused:
        run(tmp_path / "square.csv", files.SQUARE, "--take-back", "never mind")
    assert refused.value.returncode == 2
    run(tmp_path / "march.csv", files.STRIPE)
    with pytest.raises(CommandError, match="Say why"):
        run(tmp_path / "march.csv", files.STRIPE, "--take-back", " ")


def test_fees_of_a_file_that_was_taken_in_before_are_posted_when_asked_for(world: World, tmp_path: Path) -> None:
    run(tmp_path / "march.csv", files.STRIPE_PAID)
    assert not expenses(world)
    run(tmp_path / "march.csv", files.STRIPE_PAID, "--post-fees")
    assert expenses(world) == {"stripe/po_1/USD": "6.95"}


def test_fees_that_wait_for_a_later_payout_say_so(world: World, tmp_path: Path) -> None:
    said = run(tmp_path / "march.csv", MARCH, "--post-fees")[1]
    assert "po_9: fees of 2.00 USD not posted: they wait until this payout is known to be whole" in said
    assert "po_1: fees" not in said and expenses(world) == {"stripe/po_1/USD": "3.00"}
    said = run(tmp_path / "april.csv", APRIL, "--post-fees")[1]
    assert "po_10: fees of 4.00 USD not posted" in said and "po_9: fees" not in said
