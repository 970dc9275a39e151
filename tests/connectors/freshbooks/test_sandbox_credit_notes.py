"""Credit notes in the simulator."""

from __future__ import annotations

from tests.connectors.freshbooks.books_api import Books, line, plain, usd


def test_a_credit_note_adds_up_like_an_invoice() -> None:
    books = Books()
    made = books.create(
        "credit_note",
        "include[]=lines",
        clientid=books.client(),
        create_date="2026-03-01",
        credit_number="R-1",
        lines=[line("10.00", 2, ("VAT", "19"), description="Returned")],
    )
    assert made["id"] == made["creditid"]
    assert (made["amount"], made["credit_number"], made["description"]) == (usd("23.80"), "R-1", "Returned")
    assert (made["status"], made["credit_type"], made["payment_status"]) == ("created", "goodwill", "unpaid")
    assert made["lines"][0]["creditid"] == made["id"]
    assert "lines" not in books.read("credit_note", made["id"])


def test_it_needs_a_client_and_a_date_under_the_singular_key() -> None:
    books = Books()
    fields = {"clientid": books.client(), "create_date": "2026-03-01"}
    reply = books.call("POST", books.path("credit_note"), body={"credit_notes": fields})
    assert plain(reply)["details"][0]["metadata"]["message"] == "'clientid' is a required field."
    assert books.refused("credit_note", clientid=fields["clientid"]) == (422, 1001, "create_date")
    assert books.refused("credit_note", **fields, credit_type="overpayment") == (422, 1004, "credit_type")
    assert books.refused("credit_note", clientid=9, create_date="2026-03-01") == (404, 1012, "clientid")


def test_it_is_found_by_client_and_day_only() -> None:
    books = Books()
    ada, bob = books.client(), books.client()
    for number, client, day in (("R-1", ada, "2026-03-01"), ("R-2", bob, "2026-03-02")):
        books.create("credit_note", clientid=client, create_date=day, credit_number=number)
    for query, found in {
        f"search[clientid]={ada}": ["R-1"],
        f"search[client_id]={ada}": ["R-2", "R-1"],
        "search[credit_number]=R-1": ["R-2", "R-1"],
        "search[date_min]=2026-03-02&search[date_max]=2026-03-03": ["R-2"],
        "search[create_date_min]=2099-01-01": ["R-2", "R-1"],
    }.items():
        assert [row["credit_number"] for row in books.list("credit_note", query)] == found, query


def test_an_unnumbered_one_is_numbered() -> None:
    books = Books()
    made = [books.create("credit_note", clientid=books.client(), create_date="2026-03-01") for _ in range(2)]
    assert made[0]["credit_number"] != made[1]["credit_number"]
