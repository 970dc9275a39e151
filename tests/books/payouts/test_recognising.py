"""Files of the usual gateways explain themselves; what is not clear is asked, and what is wrong is named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.books.payouts import days, numbers
from hub.books.payouts.faults import Unclear, Unreadable
from hub.books.payouts.kinds import Kind
from hub.books.payouts.reading import LeftOut, Total
from hub.books.payouts.summing import Part, summed
from tests.books.payouts import files
from tests.books.payouts.files import entries, read, recognised

NET = {
    "stripe": {"USD": "123.05"},
    "paypal": {"USD": "1183.00"},
    "adyen": {"EUR": "1090.09"},
    "shopify payments": {"USD": "48.60"},
    "square": {"USD": "1037.58"},
    "braintree": {"USD": "57.10"},
}
"""What the rows of each file come to but for the payouts, added up by hand."""
ASKED = {"square": ["currency"], "paypal": ["grouping"]}
SAID = {"square": {"currency": "USD"}, "paypal": {"grouping": "next"}}


@pytest.mark.parametrize("gateway", files.ALL)
def test_a_usual_file_asks_only_what_it_does_not_say(gateway: str) -> None:
    found = recognised(files.ALL[gateway])
    assert found.layout.gateway == gateway
    assert [one.field for one in found.questions] == ASKED.get(gateway, [])
    assert not recognised(files.ALL[gateway], **SAID.get(gateway, {})).questions


@pytest.mark.parametrize("gateway", files.ALL)
def test_the_rows_of_a_usual_file_come_to_what_was_paid(gateway: str) -> None:
    sums: dict[str, Decimal] = {}
    for one in entries(files.ALL[gateway], **SAID.get(gateway, {})):
        assert one.gross - one.fee == one.net
        if one.kind is not Kind.PAYOUT:
            sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.net
    assert {currency: str(total) for currency, total in sums.items()} == NET[gateway]


def test_a_fee_in_a_column_and_a_fee_in_a_row_are_both_fees() -> None:
    charge, _, _, fee = entries(files.STRIPE)
    assert (charge.kind, charge.gross, charge.fee, charge.net) == (
        Kind.CHARGE, Decimal("100.00"), Decimal("3.20"), Decimal("96.80"),
    )  # fmt: skip
    assert (fee.kind, fee.gross, fee.fee, fee.net) == (Kind.FEE, Decimal(0), Decimal("2.00"), Decimal("-2.00"))


def test_fees_that_are_written_negative_are_kept_all_the_same() -> None:
    assert [one.fee for one in entries(files.PAYPAL, grouping="next")][:2] == [Decimal("36.10"), Decimal(0)]


def test_what_moved_no_money_is_left_out_by_its_status() -> None:
    assert [one for one in read(files.PAYPAL, grouping="next") if isinstance(one, LeftOut)] == [LeftOut("pending")]


def test_a_file_without_signs_takes_them_from_the_kind() -> None:
    sale, credit = entries(files.BRAINTREE)
    assert (sale.net, credit.gross, credit.net) == (Decimal("97.10"), Decimal("-40.00"), Decimal("-40.00"))


def test_a_foreign_payment_counts_in_the_payouts_currency_and_shows_the_customers() -> None:
    foreign = entries(files.ADYEN)[1]
    assert (foreign.currency, foreign.gross, foreign.fee) == ("EUR", Decimal("115.00"), Decimal("2.00"))
    assert (foreign.shown, foreign.shown_currency) == (Decimal("100.00"), "GBP")


def test_a_settled_amount_goes_with_the_currency_that_it_was_settled_in() -> None:
    """Braintree tells the customer's currency in one column, and that of the payout in another."""
    sale, credit = entries(files.BRAINTREE_ABROAD)
    assert (sale.currency, sale.gross, sale.net) == ("USD", Decimal("108.00"), Decimal("105.10"))
    assert (sale.shown, sale.shown_currency) == (Decimal("100.00"), "EUR")
    assert (credit.currency, credit.gross, abs(credit.shown or 0)) == ("USD", Decimal("-54.00"), Decimal("50.00"))
    assert not recognised(files.BRAINTREE_ABROAD).questions


def test_a_settled_amount_never_goes_with_the_customers_currency_whatever_was_said_before() -> None:
    """As an earlier version of the hub has recognised it, and remembers."""
    said = {"id": ("Transaction ID",), "kind": ("Transaction Type",), "date": ("Created Datetime",)}
    said |= {"paid_on": ("Disbursement Date",), "gross": ("Settlement Amount",), "currency": ("Currency ISO Code",)}
    sale = entries(files.BRAINTREE_ABROAD, columns=said)[0]
    assert (sale.currency, sale.gross) == ("USD", Decimal("108.00"))
    assert entries(files.BRAINTREE, columns=said)[0].currency == "USD"


@pytest.mark.parametrize(
    ("heads", "row", "expected"),
    [
        ("Date,Payout ID,Amount,Currency,Settlement Amount,Settlement Currency", "100.00,SEK,9.20,EUR", "9.20 EUR, 100.00 SEK"),
        ("Date,Payout ID,Amount,Currency,Settlement Currency", "100.00,SEK,EUR", "100.00 SEK"),
        ("Date,Payout ID,Amount,Currency,Converted Amount,Converted Currency", "100.00,eur,108.00,usd", "108.00 USD, 100.00 EUR"),
        ("Date,Payout ID,Amount Paid,Paid Currency,Amount,Payout Currency", "100.00,eur,108.00,usd", "108.00 USD, 100.00 EUR"),
        ("Date,Payout ID,Settlement Amount,Settlement Currency", "9.20,EUR", "9.20 EUR"),
        ("Date,Payout ID,Gross,Gross Currency,Net,Net Currency", "100.00,EUR,108.00,USD", "108.00 USD, 100.00 EUR"),
    ],
)  # fmt: skip
def test_every_amount_stands_with_the_currency_of_its_own_column(heads: str, row: str, expected: str) -> None:
    [one] = entries(f"{heads}\n2026-03-01,p1,{row}\n", gateway="acme")
    told = [f"{one.gross} {one.currency}", f"{one.shown} {one.shown_currency}" if one.shown else ""]
    assert ", ".join(filter(None, told)) == expected


def test_an_id_that_several_rows_share_is_only_a_reference() -> None:
    text = files.SQUARE.replace("t2,p2,Refund", "t1,p2,Payment").replace("-$10", "$10")
    assert "id" not in recognised(text, currency="USD").layout.columns


def test_the_order_number_loses_its_sign() -> None:
    assert entries(files.SHOPIFY)[0].order == "1001"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_delimiter_line_end_and_encoding_is_read(delimiter: str, end: str, encoding: str) -> None:
    lines = ["Date,Type,Amount,Currency,Name,Payout ID", "2026-03-01,charge,10.00,EUR,Jürgen Çelik,p1"]
    text = end.join(["Payouts of March", "", *(line.replace(",", delimiter) for line in lines), ""])
    [one] = entries(text.encode(encoding))
    assert (one.who, one.gross, one.payout, one.line) == ("Jürgen Çelik", Decimal("10.00"), "p1", 4)


def test_an_amount_that_can_be_read_in_two_ways_is_asked_about() -> None:
    text = "Date,Type,Amount,Currency,Payout ID\n2026-03-01,charge,1.234,EUR,p1\n"
    assert [one.field for one in recognised(text).questions if one.field != "gateway"] == ["mark"]
    assert entries(text, mark=",")[0].gross == 1234
    assert entries(text, mark=".")[0].gross == Decimal("1.234")


def test_a_day_that_can_be_read_in_two_ways_is_asked_about() -> None:
    text = "Date,Type,Amount,Currency,Payout ID\n03/04/2026,charge,1.00,EUR,p1\n"
    assert [one.field for one in recognised(text).questions if one.field != "gateway"] == ["dates"]
    assert entries(text, dates="mdy")[0].date == dt.date(2026, 3, 4)
    assert entries(text, dates="dmy")[0].date == dt.date(2026, 4, 3)


def test_a_word_that_nobody_knows_is_asked_about_wherever_it_stands() -> None:
    text = "Date,Type,Amount,Currency,Payout ID\n2026-03-01,Klarna booking,1.00,EUR,p1\n"
    assert "words:klarna booking" in [one.field for one in recognised(text).questions]
    with pytest.raises(Unclear, match="klarna booking"):
        entries(text)
    assert entries(text, words={"klarna booking": "charge"})[0].kind is Kind.CHARGE


@pytest.mark.parametrize(
    ("cell", "wrong", "column"),
    [
        ("96.80", '"96,80"', "net"),
        ("96.80", "ninety", "net"),
        ("96.80", "96.81", "net"),
        ("2026-03-03 10:11:12", "yesterday", "created_utc"),
        ("usd", "dollars", "currency"),
        ("ch_1,Order 1001,Ada Okafor", "ch_1,Order 1001,Ada Okafor,what", ""),
    ],
)
def test_a_bad_value_is_named_with_line_column_and_remedy(cell: str, wrong: str, column: str) -> None:
    with pytest.raises(Unreadable) as refused:
        entries(files.STRIPE.replace(cell, wrong, 1))
    assert (refused.value.line, refused.value.column) == (2, column)
    assert refused.value.value in wrong and len(refused.value.remedy.split()) > 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04xlsx", b"%PDF-1.4", b"a\0b", b"only words here\nand there\n"])
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        recognised(content)
    assert len(refused.value.remedy.split()) > 3


def test_a_line_of_totals_is_no_row() -> None:
    text = "Date,Type,Amount,Currency,Payout ID\n2026-03-01,charge,1.00,EUR,p1\nTotal,,1.00,,\n"
    assert read(text)[-1] == Total(3, Decimal("1.00"), None)


@given(st.decimals("-999999.99", "999999.99", places=2), st.sampled_from([".", ","]), st.booleans())
def test_an_amount_is_read_as_it_was_written(value: Decimal, mark: numbers.Mark, brackets: bool) -> None:
    written = f"{abs(value):,.2f}"
    if mark == ",":
        written = written.translate(str.maketrans(",.", ".,"))
    if value < 0:
        written = f"({written})" if brackets else f"-{written}"
    assert numbers.amount(f"{written} €", mark) == numbers.amount(f"${written}", mark) == value


@given(st.dates(dt.date(2001, 1, 1), dt.date(2068, 12, 31)))
def test_a_day_is_read_as_it_was_written(day: dt.date) -> None:
    for order, written in (
        ("ymd", f"{day}T10:00:00Z"),
        ("dmy", f"{day:%d.%m.%Y}"),
        ("mdy", f"{day:%m/%d/%y}"),
        ("ymd", f"{day:%d %b %Y}"),
        ("ymd", f"{day:%B %d, %Y}"),
    ):
        assert days.date(written, order) == day


cents = st.decimals("-9999.99", "9999.99", places=2)
parts = st.builds(
    lambda kind, gross, fee, explained: Part(kind, gross, fee, gross - fee, explained),
    st.sampled_from([kind for kind in Kind if kind is not Kind.FEE]),
    cents,
    cents,
    cents,
) | st.builds(lambda fee: Part(Kind.FEE, Decimal(0), fee, -fee), cents)


@given(st.lists(parts))
def test_what_is_explained_and_what_is_not_always_make_the_deposit(rows: list[Part]) -> None:
    found = summed(rows)
    paid = [row for row in rows if row.kind is Kind.PAYOUT]
    others = [row for row in rows if row.kind is not Kind.PAYOUT]
    assert found.rows == sum((row.net for row in others), Decimal(0))
    assert found.deposit == (-sum((row.net for row in paid), Decimal(0)) if paid else found.rows)
    open_rows = sum((row.gross - row.explained for row in others), Decimal(0))
    assert found.unexplained == open_rows + found.not_in_rows
    assert found.explained + found.unexplained == found.deposit
