"""Every page opens, for everybody who may see it, without a query too many and without a secret."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connectors.models import Connection
from hub.models import Attempt, Event, Flow, Posting, SyncRecord, WebhookRequest
from mappings.models import Lookup, LookupRow, Mapping
from tests.admin import town
from tests.admin.conftest import LogIn

SECRETS = ("very-secret-token", "hush-9041", "live-token", "t0p-of-the-shop")
MODELS = [model for model in admin.site._registry if model._meta.app_label in ("connectors", "mappings", "hub")]


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    text = response.content.decode()
    assert not [secret for secret in SECRETS if secret in text], address
    return text


@pytest.fixture
def north(db: None) -> Flow:
    return town.month_of_trade()


@pytest.mark.parametrize("group", ["Viewer", "Bookkeeper", "Mapping editor", "Approver", "Administrator", ""])
def test_every_list_and_every_record_opens(log_in: LogIn, north: Flow, group: str) -> None:
    table = Lookup.objects.create(name="countries")
    LookupRow.objects.create(lookup=table, key="UK", value="GB")
    client = log_in(group)
    for model in MODELS:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        shown(client, reverse(f"{name}_changelist"))
        for row in model._default_manager.all()[:3]:
            shown(client, reverse(f"{name}_change", args=[row.pk]))


def test_nobody_sees_anything_without_logging_in(north: Flow) -> None:
    for address in (
        reverse("admin:index"),
        reverse("admin:hub_dead_letters"),
        reverse("connect", args=["books", "start"]),
    ):
        assert Client().get(address).status_code == 302


def test_background_jobs_open(log_in: LogIn) -> None:
    client = log_in()
    for name in ("schedule", "ormq", "failure", "success"):
        shown(client, reverse(f"admin:django_q_{name}_changelist"))


@pytest.mark.parametrize(
    "address",
    [
        "admin:hub_syncrecord_changelist",
        "admin:hub_posting_changelist",
        "admin:hub_event_changelist",
        "admin:index",
        "admin:hub_dead_letters",
    ],
)
def test_a_page_costs_the_same_however_much_there_is(log_in: LogIn, north: Flow, address: str) -> None:
    client, page = log_in(), reverse(address)
    client.get(page)
    few = _queries(client, page)
    for id in range(60, 80):
        town.posted(north, id)
        town.record(north, id + 100, SyncRecord.State.FAILED, **town.BAD_COUNTRY)
    assert _queries(client, page) <= few


def test_a_record_s_page_costs_few_queries(log_in: LogIn, north: Flow) -> None:
    client = log_in("Bookkeeper")
    record = SyncRecord.objects.filter(state="posted").first()
    assert record
    page = reverse("admin:hub_syncrecord_change", args=[record.pk])
    few = _queries(client, page)
    for _ in range(10):
        Attempt.objects.create(record=record, owner="w", outcome="posted", version=north.version)
    assert _queries(client, page) <= few <= 30


@pytest.mark.parametrize("model", [Flow, Mapping, Connection])
def test_a_setup_page_costs_the_same_however_much_there_is(log_in: LogIn, north: Flow, model: Any) -> None:
    client, row = log_in(), model.objects.first()
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
    client.get(page)
    few = _queries(client, page)
    for id in range(60, 80):
        town.posted(north, id)
    assert _queries(client, page) <= few


def _queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        shown(client, page)
    return len(captured)


def test_counts_of_the_town(north: Flow) -> None:
    assert (Mapping.objects.count() > 0, Posting.objects.count(), WebhookRequest.objects.count()) == (True, 21, 1)
    assert Event.objects.count() == SyncRecord.objects.count()
