"""The page on which a person pastes one real record, and sees what the settings make of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connectors import registry
from connectors.models import Connection
from hub import flows, presets
from tests.admin.conftest import LogIn, log_in

__all__ = ["log_in"]

pytestmark = pytest.mark.django_db
RECORDINGS = Path(registry.folder("clarity")) / "recordings"


@pytest.fixture
def connection(db: None) -> Connection:
    return Connection.objects.create(
        name="north",
        kind="clarity",
        settings={"base_url": "https://shop.example.com/api", "timezone": "America/Chicago"},
    )


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
    return found


def paste(client: Client, connection: Connection, resource: str = "order", **pieces: Any) -> str:
    address = reverse("admin:connectors_connection_try", args=[connection.pk])
    written = {name: one if isinstance(one, str) else json.dumps(one) for name, one in pieces.items()}
    answer = client.post(f"{address}?resource={resource}", written)
    assert answer.status_code in (200, 400)
    return " ".join(answer.content.decode().split())


def test_the_connections_page_leads_there(log_in: LogIn, connection: Connection) -> None:
    page = log_in().get(reverse("admin:connectors_connection_change", args=[connection.pk])).content.decode()
    assert reverse("admin:connectors_connection_try", args=[connection.pk]) in page


def test_a_record_is_shown_with_its_sums_proven(log_in: LogIn, connection: Connection) -> None:
    raw = recorded("order_paid_with_coupon_and_handling")
    page = paste(log_in(), connection, order=raw["order"], payments=raw["payments"])
    assert "It can be read." in page and "Its 4 lines come to 92.57 USD" in page
    assert "Kettle" in page and "mara@example.com" in page


def test_an_answer_may_be_pasted_with_its_envelope(log_in: LogIn, connection: Connection) -> None:
    raw = recorded("order_paid_with_coupon_and_handling")
    page = paste(
        log_in(), connection, order={"success": True, "data": raw["order"]}, payments={"data": raw["payments"]}
    )
    assert "exactly the order&#x27;s total" in page


def test_what_cannot_be_read_is_named_with_the_setting_that_mends_it(log_in: LogIn, connection: Connection) -> None:
    raw = recorded("order_of_a_site_with_names_of_its_own")
    client = log_in()
    page = paste(client, connection, order=raw["order"])
    assert "It cannot be read yet" in page
    assert "has no currency: nothing stands at “currency”" in page and "order.currency" in page
    connection.settings |= {"fields": raw["hub"]["fields"]}
    connection.save()
    assert "It can be read." in paste(client, connection, order=raw["order"], payments=raw["payments"])


def test_a_status_that_nobody_explained_is_said(log_in: LogIn, connection: Connection) -> None:
    page = paste(log_in(), connection, order=recorded("order_with_a_status_nobody_explained")["order"])
    assert "has the status “Awaiting credit check”" in page and "Add “Awaiting credit check”" in page


def test_what_a_flow_would_post_is_shown_beside_it(log_in: LogIn, connection: Connection) -> None:
    books = Connection.objects.create(name="books", kind="freshbooks", settings={"account_id": "a"})
    preset = presets.resolve("clarity-order-to-invoice")
    flows.make_from_preset(preset, name="orders", source=connection, target=books, policy={}, enabled=True)
    raw = recorded("order_surcharge_on_a_card")
    page = paste(log_in(), connection, order=raw["order"], payments=raw["payments"])
    assert "What orders would post" in page and "Surcharge" in page and "453.54 USD" in page
    beside = page.partition("What orders would post")[2]
    assert beside.index("<span>Invoice</span>") < beside.index("<span>Client </span>"), "what it is about comes first"


def test_broken_json_is_said_with_its_place(log_in: LogIn, connection: Connection) -> None:
    client = log_in()
    assert "in line 1, column 10" in paste(client, connection, order='{"id": 1 "x": 2}')
    assert "This field is required" in paste(client, connection, order="")


def test_customers_and_products_can_be_tried_too(log_in: LogIn, connection: Connection) -> None:
    client = log_in()
    page = paste(client, connection, "customer", customer=recorded("customer_of_a_company")["customer"])
    assert "It can be read." in page and "Boreal Supply" in page
    page = paste(client, connection, "product", product=recorded("product_listed")["product"])
    assert "KTL-2" in page


def test_strangers_see_nothing(connection: Connection) -> None:
    answer = Client().get(reverse("admin:connectors_connection_try", args=[connection.pk]))
    assert answer.status_code == 302


def test_there_is_no_such_page_for_what_cannot_be_tried(log_in: LogIn, connection: Connection) -> None:
    address = reverse("admin:connectors_connection_try", args=[connection.pk])
    assert log_in().get(f"{address}?resource=nothing").status_code == 404
