"""Lists in the simulator: pages, filters that work, and filters that are silently ignored."""

from __future__ import annotations

import time

import pytest

from connectors.freshbooks.sandbox.service import PATHS as SERVED
from tests.connectors.freshbooks.books_api import PATHS, Books, line, refusal, usd


@pytest.fixture
def books() -> Books:
    return Books(rate_window=0)


def numbers(books: Books, query: str) -> list[str]:
    return [row["invoice_number"] for row in books.list("invoice", query)]


def test_pages_hold_fifteen_unless_asked_and_never_more_than_a_hundred(books: Books) -> None:
    for _ in range(120):
        books.client()
    usual = books.page("client")
    assert {name: usual[name] for name in ("page", "pages", "per_page", "total")} == {
        "page": 1,
        "pages": 8,
        "per_page": 15,
        "total": 120,
    }
    most = books.page("client", "per_page=5000&page=2")
    assert (most["per_page"], most["pages"], len(most["clients"])) == (100, 2, 20)
    assert books.page("client", "page=9")["clients"] == []
    assert books.page("client", "page=0")["page"] == 1


def test_an_empty_list_has_no_pages(books: Books) -> None:
    assert books.page("payment") == {"payments": [], "page": 1, "pages": 0, "per_page": 15, "total": 0}


@pytest.mark.parametrize(("query", "errno"), [("page=-1", 1014), ("page=x", 1014), ("per_page=0", 1013)])
def test_a_page_must_be_a_number(books: Books, query: str, errno: int) -> None:
    assert refusal(books.call("GET", books.path("client"), query))[1] == errno


def test_the_newest_comes_first_and_an_unknown_sort_turns_it_round(books: Books) -> None:
    for number, day in (("A", "2026-03-02"), ("B", "2026-03-01"), ("C", "2026-03-03")):
        books.invoice(invoice_number=number, create_date=day)
    assert numbers(books, "") == ["C", "B", "A"]
    assert numbers(books, "sort=updated:asc") == ["A", "B", "C"]
    assert numbers(books, "sort=invoice_number_desc") == ["C", "B", "A"]
    assert numbers(books, "sort=invoice_date_asc") == ["B", "A", "C"]


@pytest.mark.parametrize("kind", PATHS)
def test_every_sort_that_is_offered_works(books: Books, kind: str) -> None:
    made = {
        "client": {"fname": "Ada"},
        "invoice": {"customerid": books.client()},
        "payment": {"invoiceid": books.invoice()["id"], "amount": usd("1.00")},
        "credit_note": {"clientid": books.client()},
        "item": {"name": "Tea"},
        "tax": {"name": "VAT"},
        "expense": {"amount": usd("1.00")},
        "other_income": {"amount": usd("1.00")},
    }
    books.service.place({kind: made[kind]})
    (resource,) = (one for one in SERVED.values() if one.singular == kind)
    for name in resource.sorts:
        assert len(books.list(kind, f"sort={name}_asc")) == len(books.list(kind)), name


def test_deleted_rows_are_hidden_and_archived_ones_are_not(books: Books) -> None:
    for number, state in (("A", 0), ("B", 1), ("C", 2)):
        books.update("invoice", books.invoice(invoice_number=number)["id"], vis_state=state)
    assert numbers(books, "") == ["C", "A"]
    assert numbers(books, "search[vis_state]=1") == ["B"]
    assert numbers(books, "search[vis_state]=2") == ["C"]
    assert numbers(books, "search[invoice_number]=B") == []
    assert numbers(books, "search[invoice_number]=B&search[vis_state]=1") == ["B"]


def test_unknown_filters_are_ignored(books: Books) -> None:
    books.invoice(invoice_number="A", po_number="1")
    books.invoice(invoice_number="B", po_number="2")
    for query in ("search[po_number]=1", "search[status]=4", "search[create_date_min]=2099-01-01", "search[x]=1"):
        assert numbers(books, query) == ["B", "A"], query
    books.service.switch["ignored_filters"] = ["invoice_number"]
    assert numbers(books, "search[invoice_number]=A") == ["B", "A"]


def test_invoices_are_found_by_what_is_documented(books: Books) -> None:
    first = books.invoice(invoice_number="A", create_date="2026-03-01")
    second = books.invoice(invoice_number="B", create_date="2026-03-02")
    books.update("invoice", second["id"], action_mark_as_sent=True)
    books.pay(second, "100.00")
    today = second["updated"][:10]
    for query, found in {
        "search[invoice_number]=A": ["A"],
        "search[date_min]=2026-03-02": ["B"],
        "search[date_max]=2026-03-02": ["A"],
        f"search[customerid]={first['customerid']}": ["A"],
        f"search[invoiceids][]={first['id']}&search[invoiceids][]={second['id']}": ["B", "A"],
        "search[v3_status]=paid": ["B"],
        "search[paid]=true": ["B"],
        "search[outstanding]=true": ["A"],
        f"search[updated_min]={today}": ["B", "A"],
        f"search[updated_max]={today}": [],
        "search[invoice_number]=A&search[v3_status]=paid": [],
    }.items():
        assert numbers(books, query) == found, query


@pytest.mark.parametrize(
    ("query", "errno"),
    [("search[date_min]=soon", 1023), ("search[customerid]=x", 1024), ("search[paid]=maybe", 1032)],
)
def test_a_known_filter_wants_a_value_of_its_kind(books: Books, query: str, errno: int) -> None:
    assert refusal(books.call("GET", books.path("invoice"), query))[1] == errno


def test_thousands_of_records_are_no_burden(books: Books) -> None:
    clients = [books.client(email=f"c{n}@example.com") for n in range(1500)]
    for n, client in enumerate(clients):
        books.invoice(line("10.00"), customerid=client, invoice_number=f"N-{n}")
    started = time.perf_counter()
    for n in range(0, 1500, 10):
        assert numbers(books, f"search[invoice_number]=N-{n}") == [f"N-{n}"]
        assert len(books.list("client", f"search[email]=c{n}@example.com")) == 1
    assert time.perf_counter() - started < 30
