"""Flows and mappings: choices in words, rules in a table, and nothing live before it is published."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from connectors.models import Connection
from hub import flows, presets
from hub.accounting.policy import Policy
from hub.admin.policy_form import PREFIX, policy_fields, policy_values
from hub.admin.words import moment
from hub.books.agreement import agreement
from hub.models import Event, Flow, SyncRecord
from mappings.models import Lookup, LookupRow, Mapping
from tests.admin import town
from tests.admin.conftest import LogIn


@pytest.fixture
def north(db: None) -> Flow:
    return town.flow(town.store(), town.books())


def page(flow: Flow) -> str:
    return reverse("admin:hub_flow_change", args=[flow.pk])


def filled(flow: Flow, **typed: Any) -> dict[str, Any]:
    """The form as it stands, with some fields typed over."""
    fields = policy_fields(flow.policy)
    data = {name: field.initial for name, field in fields.items() if field.initial not in (None, False)}
    return data | {"enabled": "on", "versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0} | typed


def made(preset: str, name: str, source: Connection, target: Connection) -> Flow:
    return flows.make_from_preset(presets.resolve(f"{source.kind}-{preset}"), name=name, source=source, target=target)


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


RICH = {
    "tax_style": "lines",
    "due_days": {"from": "payment_terms"},
    "payment_types": {"checkmo": "Check", "cash on delivery": "Cash"},
    "write_back": {"comment": False, "attribute": "invoice_no"},
    "rounding_tolerance": {"line": 2, "document": 9},
    "cut_over": "2026-01-01",
    "guest_client": "guests@shop.example",
}


@pytest.mark.parametrize("policy", [{}, RICH])
def test_a_policy_survives_its_form_unchanged(policy: dict[str, Any]) -> None:
    fields = policy_fields(policy)
    cleaned = {name: field.clean(field.initial) for name, field in fields.items()}
    assert Policy.model_validate(policy_values(cleaned)) == Policy.model_validate(policy)


def test_every_choice_is_in_words_and_none_is_json(north: Flow, log_in: LogIn) -> None:
    shown = log_in().get(page(north)).content.decode()
    assert "accepted by the store" in shown and "become credit notes" in shown
    for name in Policy.model_fields:
        assert f'name="{PREFIX}{name}' in shown, name


def test_a_flow_that_books_nothing_is_asked_nothing_about_invoices(north: Flow, log_in: LogIn) -> None:
    customers = made("customer-to-client", "customers", north.source, north.target)
    shown = log_in().get(page(customers)).content.decode()
    for name in Policy.model_fields:
        assert (f'name="{PREFIX}{name}' in shown) == (name in ("owns", "both_changed", "owners")), name
    assert "Look first" in shown and "Looks before it creates" not in shown, "it always looks"


def test_a_flow_that_tells_a_store_is_asked_what_it_tells(north: Flow, log_in: LogIn) -> None:
    payments = made("payment-to-order", "payments", north.target, north.source)
    shown = log_in().get(page(payments)).content.decode()
    for name in Policy.model_fields:
        assert (f'name="{PREFIX}{name}' in shown) == (name == "write_back"), name


def test_what_a_flow_is_not_asked_stays_as_it_is(north: Flow, log_in: LogIn) -> None:
    customers = made("customer-to-client", "customers", north.source, north.target)
    Flow.objects.filter(pk=customers.pk).update(policy={"cut_over": "2026-01-01", "both_changed": "ask"})
    customers.refresh_from_db()
    log_in().post(page(customers), filled(customers, **{f"{PREFIX}both_changed": "target"}))
    customers.refresh_from_db()
    assert (customers.policy["cut_over"], customers.policy["both_changed"]) == ("2026-01-01", "target")


def test_saving_publishes_a_version_with_its_reason(north: Flow, log_in: LogIn) -> None:
    data = filled(north, **{f"{PREFIX}tax_style": "lines", "reason": "The auditor asked"})
    response = log_in().post(page(north), data, follow=True)
    north.refresh_from_db()
    assert north.policy == {"tax_style": "lines"} and north.version and north.version.number == 2
    assert north.version.reason == "The auditor asked" and "Version 2 is live" in said(response)


def test_who_may_not_publish_saves_and_nothing_goes_live(north: Flow, log_in: LogIn) -> None:
    data = filled(north, **{f"{PREFIX}tax_style": "lines"})
    response = log_in("Mapping editor").post(page(north), data, follow=True)
    north.refresh_from_db()
    assert north.policy == {"tax_style": "lines"} and north.version and north.version.number == 1
    assert "not live yet" in said(response)


def test_a_prefix_that_another_flow_has_is_refused_beside_the_field(north: Flow, log_in: LogIn) -> None:
    other = town.flow(town.store("south"), north.target, "south-orders", invoice_prefix="S-")
    response = log_in().post(page(north), filled(north, **{f"{PREFIX}invoice_prefix": "S-"}))
    assert other.name in str(response.context["adminform"].form.errors[f"{PREFIX}invoice_prefix"])


def test_a_new_flow_is_made_from_a_preset(log_in: LogIn) -> None:
    source, target = town.store(), town.books()
    data = {"name": "west", "preset": f"{source.kind}-order-to-invoice", "source": source.pk, "target": target.pk}
    log_in().post(reverse("admin:hub_flow_add"), data | {"invoice_prefix": "W-"})
    flow = Flow.objects.get()
    assert (flow.enabled, flow.policy["invoice_prefix"], flow.target_resource) == (False, "W-", "invoice")


def test_a_second_owner_of_the_same_fields_is_refused_with_what_to_tick(log_in: LogIn) -> None:
    books, boss = town.books(), log_in()
    for number, name in enumerate(("north", "south", "south")):
        source = Connection.objects.filter(name=name).first() or town.store(name)
        data = {"preset": f"{source.kind}-customer-to-client", "source": source.pk, "target": books.pk}
        ticked = {"only_links": "on"} if number == 2 else {}
        answer = boss.post(reverse("admin:hub_flow_add"), data | {"name": f"{name}-customers"} | ticked)
        if number == 1:
            assert "north-customers owns" in str(answer.context["adminform"].form.errors["only_links"])
    assert Flow.objects.get(name="south-customers").policy["owns"] == []


def test_a_new_flow_between_the_wrong_systems_is_refused(log_in: LogIn) -> None:
    source = town.store()
    data = {"name": "west", "preset": f"{source.kind}-order-to-invoice", "source": source.pk, "target": source.pk}
    response = log_in().post(reverse("admin:hub_flow_add"), data)
    assert response.context["adminform"].form.errors["target"] and not Flow.objects.exists()


def test_one_order_is_synced_by_hand(north: Flow, log_in: LogIn) -> None:
    log_in("Bookkeeper").post(reverse("admin:hub_flow_sync", args=[north.pk]), {"source_id": "250"})
    assert SyncRecord.objects.get().source_id == "250" and Event.objects.get().door == Event.Door.HAND


def test_a_record_synced_by_hand_is_this_flow_s_affair_only(north: Flow, log_in: LogIn) -> None:
    other = Flow.objects.create(
        name="other", source=north.source, source_resource="order", target=north.target, target_resource="invoice"
    )
    log_in("Bookkeeper").post(reverse("admin:hub_flow_sync", args=[north.pk]), {"source_id": "250"})
    assert (SyncRecord.objects.get().flow, Event.objects.get().flow) == (north, north)
    today = timezone.localdate()
    received = {pair.flow: pair.received.count for pair in agreement(today, today).pairs}
    assert received.get(north.name) == 1 and not received.get(other.name)


# --- mappings ---


def table(mapping: Mapping, **over: str) -> dict[str, str]:
    """The table of rules as the page sends it."""
    from hub.admin.rule_forms import table_for

    rows = table_for(mapping)
    data = {"rule-TOTAL_FORMS": str(len(rows.forms)), "rule-INITIAL_FORMS": str(len(rows.forms))}
    for form in rows.forms:
        data |= {form.add_prefix(name): str(value) for name, value in form.initial.items()}
    return data | {f"rule-{name}": value for name, value in over.items()}


def invoice_mapping() -> Mapping:
    return Mapping.objects.get(name="order-to-invoice")


def address(mapping: Mapping) -> str:
    return reverse("admin:mappings_mapping_change", args=[mapping.pk])


def test_every_mapping_survives_its_table_unchanged(north: Flow, log_in: LogIn) -> None:
    client = log_in()
    for mapping in Mapping.objects.all():
        before = json.loads(json.dumps(mapping.rules))
        response = client.post(address(mapping), table(mapping) | {"_save": ""}, follow=True)
        mapping.refresh_from_db()
        assert mapping.rules == before and "Nothing has changed" in said(response), mapping


def test_a_changed_rule_is_a_new_version_and_live_once_published(north: Flow, log_in: LogIn) -> None:
    mapping, client = invoice_mapping(), log_in()
    data = table(mapping, **{"12-origin": "value", "12-what": "Thank you", "12-transforms": "trim | upper"})
    client.post(address(mapping), data | {"_save": "", "reason": "Politeness"})
    mapping.refresh_from_db()
    assert mapping.number == 2 and mapping.rules[12] == {
        "target": "notes",
        "value": "Thank you",
        "transforms": ["trim", "upper"],
    }
    north.refresh_from_db()
    assert north.version and north.version.number == 1
    client.post(address(mapping), table(mapping) | {"_publish": "", "reason": "Politeness"})
    north.refresh_from_db()
    assert north.version and north.version.number == 2


def test_a_wrong_rule_is_said_beside_it_and_nothing_is_saved(north: Flow, log_in: LogIn) -> None:
    mapping = invoice_mapping()
    data = table(mapping, **{"1-what": "nmber", "12-what": "JOIN(", "3-transforms": "no_such_thing"})
    response = log_in().post(address(mapping), data | {"_save": ""})
    forms = response.context["editing"].table.forms
    assert "nmber" in str(forms[1].errors["what"]) and forms[12].errors["what"] and forms[3].errors["transforms"]
    assert Mapping.objects.get(pk=mapping.pk).number == 1


def test_rules_are_tried_on_a_past_order_before_they_are_saved(north: Flow, log_in: LogIn) -> None:
    town.posted(north, 20)
    mapping = invoice_mapping()
    data = table(mapping, **{"12-origin": "value", "12-what": "Thank you, Chidi"})
    response = log_in("Mapping editor").post(address(mapping), data | {"_preview": "", "record": "100000020"})
    shown = response.context["editing"].shown
    assert [one.number for one in shown.own] == ["100000020"] and ("Notes", "Thank you, Chidi") in shown.own[0].rows
    assert Mapping.objects.get(pk=mapping.pk).number == 1


def test_a_viewer_reads_the_rules_and_changes_none(north: Flow, log_in: LogIn) -> None:
    mapping, client = invoice_mapping(), log_in("Viewer")
    assert "Save the rules" not in client.get(address(mapping)).content.decode()
    assert client.post(address(mapping), table(mapping) | {"_save": ""}).status_code == 403


def test_a_row_can_be_dropped_and_added(north: Flow, log_in: LogIn) -> None:
    mapping = invoice_mapping()
    count = len(mapping.rules)
    data = table(
        mapping, **{"13-DELETE": "on", f"{count}-target": "language", f"{count}-origin": "value", f"{count}-what": "en"}
    )
    log_in().post(address(mapping), data | {"_save": "", "rule-TOTAL_FORMS": str(count + 1)})
    mapping.refresh_from_db()
    assert [rule["target"] for rule in mapping.rules][-2:] == ["notes", "language"]


# --- lookup tables ---


def test_rows_are_imported_and_exported(log_in: LogIn) -> None:
    client = log_in()
    file = SimpleUploadedFile("rows.csv", b"lookup,key,value\ncountries,UK,GB\ncountries,England,GB\n", "text/csv")
    first = client.post(
        reverse("admin:mappings_lookuprow_import"), {"import_file": file, "format": "0", "resource": ""}
    )
    confirm = first.context["confirm_form"].initial
    client.post(
        reverse("admin:mappings_lookuprow_process_import"), {name: value or "" for name, value in confirm.items()}
    )
    assert Lookup.objects.get().name == "countries" and LookupRow.objects.count() == 2
    out = client.post(
        reverse("admin:mappings_lookuprow_export"),
        {
            "format": "0",
            "resource": "",
            "lookuprowresource_lookup": "on",
            "lookuprowresource_key": "on",
            "lookuprowresource_value": "on",
        },
    )
    assert b"countries,England,GB" in out.content


def test_a_flow_says_from_when_on_it_no_longer_looks_first(north: Flow, log_in: LogIn) -> None:
    shown = log_in().get(page(north)).content.decode()
    assert f"What was placed before {moment(north.look_before)} is looked for in the books" in shown
