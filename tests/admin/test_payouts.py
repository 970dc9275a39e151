"""Payout files and deposits in the admin: uploaded, asked about, explained, and by those who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from connectors.models import Connection
from hub.books.payouts.rounds import advance_due
from hub.models import Deposit, DepositMatch, DepositRow, PayoutFile, Posting
from tests.admin.conftest import LogIn
from tests.books.payouts import files
from tests.books.payouts.conftest import Sell, books, sell

__all__ = ["books", "sell"]
UPLOAD = "/admin/hub/payoutfile/new/"


def uploaded(client: Client, books: Connection, text: str, **more: str) -> PayoutFile:
    content = SimpleUploadedFile("march.csv", text.encode(), "text/csv")
    answer = client.post(UPLOAD, {"books": books.pk, "file": content, **more})
    assert answer.status_code == 302, answer.context["form"].errors
    return PayoutFile.objects.latest("pk")


def worked() -> None:
    while advance_due():
        pass


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_bookkeeper_uploads_a_file_and_sees_the_deposit_explained(
    log_in: LogIn, books: Connection, sell: Sell
) -> None:
    sell("1001", "100.00", "ch_1", refunded="20.00")
    sell("1002", "50.00", "ch_2")
    client = log_in("Bookkeeper")
    file = uploaded(client, books, files.STRIPE.replace("re_1", "ch_1"))
    assert "being taken in" not in page(client, f"/admin/hub/payoutfile/{file.pk}/change/")
    worked()
    assert "4 new rows in 1 deposit" in page(client, f"/admin/hub/payoutfile/{file.pk}/change/")
    shown = page(client, f"/admin/hub/deposit/{Deposit.objects.get().pk}/change/")
    assert "Explained to the cent" in shown
    for figure in ("150.00", "20.00", "6.95", "123.05 USD"):
        assert figure in shown
    assert "123.05 USD" in page(client, "/admin/hub/deposit/")


def test_every_number_of_a_deposit_leads_to_its_rows(log_in: LogIn, books: Connection, sell: Sell) -> None:
    record = sell("1001", "100.00", "ch_1")
    client = log_in("Viewer")
    uploaded(log_in("Approver"), books, files.STRIPE)
    worked()
    deposit = Deposit.objects.get().pk
    assert f"/admin/hub/depositrow/?deposit={deposit}&amp;kind=charge" in page(
        client, f"/admin/hub/deposit/{deposit}/change/"
    )
    charges = page(client, f"/admin/hub/depositrow/?deposit={deposit}&kind=charge")
    assert "100.00 USD" in charges and "-20.00 USD" not in charges
    assert f"/admin/hub/syncrecord/{record.pk}/change/" in charges
    with_fees = page(client, f"/admin/hub/depositrow/?deposit={deposit}&of=fees")
    assert "-3.20 USD" in with_fees and "-20.00 USD" not in with_fees


def test_what_is_not_clear_is_asked_with_a_preview_and_then_remembered(log_in: LogIn, books: Connection) -> None:
    client = log_in("Bookkeeper")
    file = uploaded(client, books, files.SQUARE)
    path = f"/admin/hub/payoutfile/{file.pk}/change/"
    shown = page(client, path)
    assert "No column tells the currency" in shown and "Ada Okafor" in shown and "1,048.38" in shown
    form = client.get(path).context["form"]
    given = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    refused = client.post(path, {**given, "currency": "dollars"})
    assert refused.status_code == 400
    assert client.post(path, {**given, "currency": "usd"}).status_code == 302
    worked()
    assert Deposit.objects.get().currency == "USD"
    other = uploaded(client, books, files.SQUARE.replace("t1,p1", "t7,p7").replace("t2,p2", "t8,p8"))
    assert other.state == PayoutFile.State.RUNNING


def test_a_file_can_be_looked_at_before_it_is_taken_in(log_in: LogIn, books: Connection) -> None:
    client = log_in("Bookkeeper")
    file = uploaded(client, books, files.STRIPE, ask="on")
    assert file.state == PayoutFile.State.ASKS
    shown = page(client, f"/admin/hub/payoutfile/{file.pk}/change/")
    assert "Look at how it is read" in shown and "96.80" in shown


def test_a_file_with_questions_can_be_thrown_away(log_in: LogIn, books: Connection) -> None:
    client = log_in("Bookkeeper")
    file = uploaded(client, books, files.SQUARE)
    client.post(f"/admin/hub/payoutfile/{file.pk}/throw-away/")
    assert "Somebody threw it away" in page(client, f"/admin/hub/payoutfile/{file.pk}/change/")
    assert uploaded(client, books, files.SQUARE).pk != file.pk and not DepositRow.objects.exists()


def test_a_file_that_is_none_is_refused_beside_its_field(log_in: LogIn, books: Connection) -> None:
    content = SimpleUploadedFile("march.xlsx", b"PK\x03\x04", "text/csv")
    answer = log_in("Bookkeeper").post(UPLOAD, {"books": books.pk, "file": content})
    assert answer.status_code == 400 and "Save it as CSV" in answer.content.decode()


def test_a_refused_file_lists_every_fault_with_what_to_do(log_in: LogIn, books: Connection) -> None:
    client = log_in("Bookkeeper")
    file = uploaded(client, books, files.STRIPE.replace("48.25", "48.26"))
    worked()
    shown = page(client, f"/admin/hub/payoutfile/{file.pk}/change/")
    assert "nothing of it was taken in" in shown and "See at the gateway which of them is right" in shown


@pytest.fixture
def deposit(books: Connection, sell: Sell, log_in: LogIn) -> Deposit:
    """One charge that is booked over another amount, one that nobody knows, and a refund that nobody has credited."""
    sell("1001", "90.00", "ch_1")
    uploaded(log_in(), books, files.STRIPE.replace("Ben Lund", "Nobody"))
    worked()
    return Deposit.objects.get()


def test_a_suggestion_explains_as_much_as_it_is_over(log_in: LogIn, deposit: Deposit) -> None:
    client = log_in("Bookkeeper")
    match = DepositMatch.objects.get()
    assert not match.accepted and "90.00 USD of it are booked, and the row says 100.00" in match.reasons
    client.post(f"/admin/hub/deposit/match/{match.pk}/accept/")
    assert f"{DepositRow.objects.get(pk=match.row_id).explained:.2f}" == "90.00"
    shown = page(client, f"/admin/hub/deposit/{deposit.pk}/change/")
    assert "10.00 USD open" in shown and "3 rows to explain, worth 80.00 USD" in shown


def test_a_person_explains_a_row_with_a_reason_and_can_take_it_back(log_in: LogIn, deposit: Deposit) -> None:
    client = log_in("Bookkeeper")
    row = DepositRow.objects.get(kind="refund")
    client.post(f"/admin/hub/deposit/row/{row.pk}/explain/", {"reason": " "})
    row.refresh_from_db()
    assert not row.explained
    client.post(f"/admin/hub/deposit/row/{row.pk}/explain/", {"reason": "goodwill, booked by hand"})
    row.refresh_from_db()
    assert (row.explained, row.reason, row.decided_by) == (row.gross, "goodwill, booked by hand", "somebody-bookkeeper")
    assert "goodwill, booked by hand" in page(client, f"/admin/hub/depositrow/?deposit={deposit.pk}")
    client.post(f"/admin/hub/deposit/row/{row.pk}/undo/")
    row.refresh_from_db()
    assert not row.explained and not row.reason


def test_an_order_that_comes_after_its_file_is_found_by_looking_again(
    log_in: LogIn, books: Connection, sell: Sell
) -> None:
    client = log_in("Bookkeeper")
    uploaded(client, books, files.STRIPE)
    worked()
    deposit = Deposit.objects.get()
    assert deposit.unexplained_rows == 3
    sell("1002", "50.00", "ch_2")
    client.post(f"/admin/hub/deposit/{deposit.pk}/look-again/")
    deposit.refresh_from_db()
    assert deposit.unexplained_rows == 2


@pytest.mark.parametrize("path", ["look-again", "post-fees"])
def test_who_may_only_look_changes_nothing(log_in: LogIn, deposit: Deposit, path: str) -> None:
    client = log_in("Viewer")
    assert client.get(UPLOAD).status_code == 403
    assert client.post(f"/admin/hub/deposit/{deposit.pk}/{path}/").status_code == 403
    row = DepositRow.objects.first()
    assert row and client.post(f"/admin/hub/deposit/row/{row.pk}/explain/", {"reason": "x"}).status_code == 403
    shown = page(client, f"/admin/hub/deposit/{deposit.pk}/change/")
    assert "Explain</button>" not in shown and "Upload a payout file" not in page(client, "/admin/hub/deposit/")


def test_deposits_are_listed_by_what_is_explained(log_in: LogIn, deposit: Deposit) -> None:
    client = log_in("Viewer")
    assert "po_1" in page(client, "/admin/hub/deposit/?explained=no")
    assert "po_1" not in page(client, "/admin/hub/deposit/?explained=yes")
    assert deposit.date == dt.date(2026, 3, 5)


def test_a_bookkeeper_takes_back_a_file_that_was_read_wrongly(log_in: LogIn, books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1")
    client = log_in("Bookkeeper")
    file = uploaded(client, books, files.STRIPE)
    worked()
    path = f"/admin/hub/payoutfile/{file.pk}/"
    assert "Take back this file…" in page(client, f"{path}change/")
    shown = page(client, f"{path}take-back/")
    assert "4 rows, matched to 1 document" in shown and "po_1" in shown
    assert DepositRow.objects.count() == 4
    client.post(f"{path}take-back/", {"reason": " "})
    assert DepositRow.objects.count() == 4
    client.post(f"{path}take-back/", {"reason": "these are euros"})
    assert not DepositRow.objects.exists() and not Deposit.objects.exists()
    shown = page(client, f"{path}change/")
    assert "somebody-bookkeeper took it back" in shown and "“these are euros”" in shown
    assert "Take back this file…" not in shown
    assert uploaded(client, books, files.STRIPE).state == PayoutFile.State.ASKS


def test_a_file_with_an_expense_says_what_to_do_first(log_in: LogIn, books: Connection) -> None:
    client = log_in("Bookkeeper")
    file = uploaded(client, books, files.STRIPE)
    worked()
    Posting.objects.create(
        target=books,
        resource="expense",
        natural_key="stripe/po_1/USD",
        state=Posting.State.DONE,
        remote_id="9",
        document={},
        currency="USD",
        booked="6.95",
    )
    Deposit.objects.update(fees_state=Deposit.Fees.POSTED, in_books="6.95")
    path = f"/admin/hub/payoutfile/{file.pk}/take-back/"
    shown = page(client, path)
    assert "fees of it are in the books" in shown and "Take back this file</button>" not in shown
    assert "Delete these expenses in the books" in page_after(client, path, {"reason": "these are euros"})
    assert "looks for 1 expense in the books" in page_after(client, path, {"look": "1"})
    assert Deposit.objects.get().fees_state == Deposit.Fees.DUE and DepositRow.objects.count() == 4


def page_after(client: Client, path: str, given: dict[str, str]) -> str:
    return str(client.post(path, given, follow=True).content.decode())


@pytest.mark.parametrize(
    ("state", "in_books", "said", "button"),
    [
        ("off", "0", "They are posted as soon as a later payout is known", "Post the fees as one expense"),
        ("posted", "6.95", "They are in the books", "Look in the books again"),
        ("posted", "5.00", "The books hold 5.00 USD of them, and they are 6.95 USD now", "Post the rest now"),
        ("posted", "8.00", "Correct the expense in the books, then look again", "Look in the books again"),
        ("stuck", "5.00", "They could not be posted", "Try again"),
    ],
)
def test_the_fees_of_a_deposit_say_where_they_stand_and_what_can_be_done(
    log_in: LogIn, books: Connection, state: str, in_books: str, said: str, button: str
) -> None:
    books.settings = {**books.settings, "expense_category": "Bank Fees"}
    books.save()
    client = log_in("Bookkeeper")
    uploaded(client, books, files.STRIPE)
    worked()
    Deposit.objects.update(post_fees=True, fees_state=state, in_books=in_books)
    shown = page(client, f"/admin/hub/deposit/{Deposit.objects.get().pk}/change/")
    assert said in shown and f"{button}</button>" in shown


def test_who_may_only_look_takes_nothing_back(log_in: LogIn, deposit: Deposit) -> None:
    client = log_in("Viewer")
    file = PayoutFile.objects.get()
    assert "Take back" not in page(client, f"/admin/hub/payoutfile/{file.pk}/change/")
    for ask in (client.get, client.post):
        assert ask(f"/admin/hub/payoutfile/{file.pk}/take-back/").status_code == 403
    assert DepositRow.objects.exists()
