"""The tax table, the rate table and where rates come from: pages, files, and the forms of what is held for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hub.models import Flow, PassedTax, Rate, RateSource, SyncRecord, TaxRow
from tests.admin import town
from tests.admin.conftest import LogIn
from tests.admin.test_decisions import page, press, said


@pytest.fixture
def north(db: None) -> Flow:
    return town.flow(town.store(), town.books())


def passed(record: SyncRecord, name: str = "GB VAT", **more: Any) -> None:
    given = {"rate": Decimal(20), "country": "GB", "currency": "GBP", "tax": Decimal("9.80"), "net": Decimal(49)}
    PassedTax.objects.create(record=record, flow=record.flow, date=record.date, name=name, **{**given, **more})


def upload(client: Client, what: str, text: str) -> Any:
    """Through the preview, as a person does it."""
    file = SimpleUploadedFile("table.csv", text.encode())
    url = reverse(f"admin:hub_{what}_import")
    shown = client.post(url, {"import_file": file, "format": "0", "resource": ""})
    if "confirm_form" not in shown.context:
        return shown
    confirm = shown.context["confirm_form"].initial
    return client.post(reverse(f"admin:hub_{what}_process_import"), {**confirm, "resource": ""}, follow=True)


# --- held for a tax ---


def test_what_is_missing_is_named_and_the_record_goes_on(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 7, SyncRecord.State.HELD, **town.NO_TAX)
    other = town.record(north, 8, SyncRecord.State.HELD, **town.NO_TAX)
    client = log_in("Bookkeeper")
    assert "In the books, “GB VAT” at 20 % in GB is" in page(client, record)
    response = press(client, record, "tax", **{"to-0": "VAT", "percent-0": "20", "where": "rate country"})
    row = TaxRow.objects.get()
    assert (row.name, row.to, row.rate, row.country, row.percent) == ("GB VAT", "VAT", 20, "GB", 20)
    assert "and 1 other that waited for it" in said(response)
    assert {one.state for one in SyncRecord.objects.filter(pk__in=[record.pk, other.pk])} == {"pending"}
    assert "put into the tax table: “GB VAT → VAT”" in page(client, record)


def test_without_a_name_nothing_happens(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 7, SyncRecord.State.HELD, **town.NO_TAX)
    assert press(log_in("Bookkeeper"), record, "tax", **{"to-0": ""}).status_code == 400
    assert not TaxRow.objects.exists()


def test_whoever_only_looks_puts_nothing_into_a_table(log_in: LogIn, north: Flow) -> None:
    client = log_in("Viewer")
    for what, problem in (("tax", town.NO_TAX), ("rate", town.NO_RATE)):
        record = town.record(north, 7 if what == "tax" else 8, SyncRecord.State.HELD, **problem)
        assert press(client, record, what).status_code == 403
        assert f"/decide/{what}/" not in page(client, record)


# --- held for a rate ---


def test_the_missing_rate_is_added_and_the_record_goes_on(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 7, SyncRecord.State.HELD, **town.NO_RATE)
    client = log_in("Bookkeeper")
    assert "One GBP in USD" in page(client, record)
    press(client, record, "rate", value="1.27", date="2026-03-13", source="our bank")
    rate = Rate.objects.get()
    assert (rate.base, rate.currency, rate.rate, rate.source) == ("GBP", "USD", Decimal("1.27"), "our bank")
    record.refresh_from_db()
    assert record.state == SyncRecord.State.PENDING
    assert "put into the rate table: “1 GBP = 1.27 USD on 2026-03-13”" in page(client, record)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"date": "2026-03-01"}, "by a rate of 7 Mar 2026 to 14 Mar 2026 only"),
        ({"date": "2026-03-15"}, "by a rate of 7 Mar 2026 to 14 Mar 2026 only"),
        ({"value": "0"}, "greater than or equal"),
        ({"source": ""}, "required"),
    ],
)
def test_a_rate_that_would_not_help_is_refused_in_words(
    log_in: LogIn, north: Flow, wrong: dict[str, str], words: str
) -> None:
    record = town.record(north, 7, SyncRecord.State.HELD, **town.NO_RATE)
    typed = {"value": "1.27", "date": "2026-03-14", "source": "our bank", **wrong}
    response = press(log_in("Bookkeeper"), record, "rate", **typed)
    assert response.status_code == 400 and words in response.content.decode()
    assert not Rate.objects.exists()


# --- not in the table ---


def test_taxes_that_passed_are_listed_with_their_worth_and_added_from_there(log_in: LogIn, north: Flow) -> None:
    for id in (20, 21, 22):
        passed(town.posted(north, id))
    passed(SyncRecord.objects.get(source_id="20"), "Eco", rate=None, currency="EUR", tax=Decimal("1.50"))
    client = log_in("Bookkeeper")
    address = reverse("admin:hub_taxrow_missing")
    shown = client.get(address, {"month": "2026-03"}).content.decode()
    assert (
        "29.40 GBP" in shown and "147.00 GBP" in shown and '<td class="ch-num">3</td>' in shown and "1.50 EUR" in shown
    )
    assert "Every tax of February 2026 is in the table" in client.get(address, {"month": "2026-02"}).content.decode()
    form = client.get(reverse("admin:hub_taxrow_add"), {"name": "GB VAT", "rate": "20", "to": "GB VAT"})
    assert 'value="GB VAT"' in form.content.decode()
    client.post(reverse("admin:hub_taxrow_add"), {"name": "GB VAT", "to": "VAT", "rate": "20", "country": ""})
    assert TaxRow.objects.get().to == "VAT"
    assert "29.40 GBP" not in client.get(address, {"month": "2026-03"}).content.decode()


def test_the_list_costs_the_same_however_many_orders_there_are(log_in: LogIn, north: Flow) -> None:
    client, address = log_in("Viewer"), reverse("admin:hub_taxrow_missing") + "?month=2026-03"
    passed(town.posted(north, 20))
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for id in range(21, 31):
        passed(town.posted(north, id))
    with CaptureQueriesContext(connection) as many:
        assert '<td class="ch-num">11</td>' in client.get(address).content.decode()
    assert len(many) <= len(few)


# --- the tables as pages and files ---


@pytest.mark.parametrize("rate", ["", "20"])
def test_the_same_row_twice_is_refused_in_words(log_in: LogIn, north: Flow, rate: str) -> None:
    client = log_in("Bookkeeper")
    for expected in (302, 200):
        response = client.post(reverse("admin:hub_taxrow_add"), {"name": "VAT", "to": "VAT", "rate": rate})
        assert response.status_code == expected
    assert "has a row for this tax, rate and country already" in response.content.decode()


def test_the_tax_table_comes_from_a_file(log_in: LogIn, north: Flow) -> None:
    TaxRow.objects.create(name="VAT", to="Old")
    client = log_in("Bookkeeper")
    upload(client, "taxrow", "name,rate,country,flow,to,percent\nVAT,,,,VAT,\nVAT,20,FR,north-orders,TVA,20\n")
    found = sorted(TaxRow.objects.values_list("to", "rate", "country", "flow__name"))
    assert found == [("TVA", Decimal(20), "FR", "north-orders"), ("VAT", None, "", None)]
    wrong = upload(client, "taxrow", "name,rate,country,flow,to,percent\nVAT,20,France,,TVA,20\n")
    assert "Two capital letters" in wrong.content.decode() and TaxRow.objects.count() == 2


def test_rates_come_from_a_file(log_in: LogIn, north: Flow) -> None:
    client = log_in("Bookkeeper")
    day = "2026-03-02"
    upload(client, "rate", f"date,from,to,rate,source\n{day},EUR,USD,1.08,ECB\n{day},EUR,GBP,0.85,\n")
    upload(client, "rate", f"date,from,to,rate,source\n{day},EUR,USD,1.09,ECB\n")
    assert sorted(Rate.objects.values_list("currency", "rate", "source")) == [
        ("GBP", Decimal("0.85"), "imported by hand"),
        ("USD", Decimal("1.09"), "ECB"),
    ]
    wrong = upload(client, "rate", f"date,from,to,rate,source\n{day},EUR,EUR,1,ECB\n")
    assert "from one currency to another" in wrong.content.decode()
    export = client.post(reverse("admin:hub_rate_export"), {"format": "0", "resource": ""})
    assert export.content.decode("utf-8-sig").splitlines()[0] == "date,from,to,rate,source"


def test_a_source_inside_the_house_is_refused_when_it_is_typed_in(log_in: LogIn) -> None:
    data = {"name": "ECB", "url": "http://10.0.0.1/rates", "enabled": "on"}
    response = log_in().post(reverse("admin:hub_ratesource_add"), data)
    assert "not a public https address" in response.content.decode() and not RateSource.objects.exists()


def test_a_source_is_asked_from_its_list(log_in: LogIn) -> None:
    source = RateSource.objects.create(name="ECB", url="https://no-such-host.invalid/daily.xml")
    data = {"action": "ask_selected", "_selected_action": [source.pk]}
    response = log_in().post(reverse("admin:hub_ratesource_changelist"), data, follow=True)
    assert "ECB told no rates: no-such-host.invalid cannot be reached." in said(response)


def test_a_record_names_the_rate_that_it_was_converted_by(log_in: LogIn, north: Flow) -> None:
    record = town.posted(north, 20)
    record.postings.filter(resource="invoice").update(
        currency="USD", rate={"given": "GBP", "currency": "USD", "rate": "1.27", "source": "ECB", "date": "2026-03-02"}
    )
    assert "Converted from GBP to USD at 1.27 (ECB, 2 Mar 2026)" in page(log_in("Viewer"), record)
