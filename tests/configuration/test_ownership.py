"""A field of a target has one owning flow; a second one is refused, by name, with what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hub.accounting.policy import policy_from
from hub.admin.words import heading
from hub.configuration import apply
from hub.configuration.reading import ConfigurationError
from hub.engine.counterparts.fields import owned
from hub.flow_checks import FlowError
from hub.flows import publish
from hub.models import Flow
from hub.presets import loader
from tests.hub.world import kinds

pytestmark = pytest.mark.django_db


def file(**more: Any) -> str:
    """Two shops into the same books; `more` is the second flow's."""
    store, books = "magento", kinds("books")[0]
    shops = [
        {"name": name, "kind": store, "settings": {"base_url": "https://shop.example.com", "access_token": "x"}}
        for name in ("north", "south")
    ]
    held = {"account_id": "AbC123", "client_id": "x", "client_secret": "y", "access_token": "z"}
    ledger = {"name": "books", "kind": books, "settings": held}
    flows = [
        {"name": f"{name}-customers", "preset": f"{store}-customer-to-client", "source": name, "target": "books"}
        for name in ("north", "south")
    ]
    return json.dumps({"version": 1, "connections": [*shops, ledger], "flows": [flows[0], {**flows[1], **more}]})


def test_a_second_owner_of_a_field_is_refused_by_apply() -> None:
    with pytest.raises(ConfigurationError) as refused:
        apply(file(), {})
    said = str(refused.value)
    assert "north-customers" in said and "south-customers" in said and "first_name" in said and "owns" in said
    assert not Flow.objects.exists()


def test_a_second_flow_may_own_other_fields_or_none() -> None:
    apply(file(policy={"owns": []}), {})
    assert Flow.objects.count() == 2


def test_taking_a_field_that_has_an_owner_is_refused_by_name() -> None:
    apply(file(policy={"owns": []}), {})
    south = Flow.objects.get(name="south-customers")
    south.policy = {**south.policy, "owns": ["phone"]}
    with pytest.raises(FlowError, match="north-customers owns phone of each client in books already"):
        publish(south)


def test_a_field_changes_its_owner_in_one_file() -> None:
    apply(file(policy={"owns": []}), {})
    flows = [
        {"name": "north-customers", "policy": {"owns": ["email"]}},
        {"name": "south-customers", "policy": {"owns": ["phone"]}},
    ]
    apply(json.dumps({"version": 1, "flows": flows}), {})
    assert Flow.objects.get(name="south-customers").policy["owns"] == ["phone"]


def test_flows_of_orders_own_no_field_of_a_client() -> None:
    orders = {"name": "orders", "preset": "magento-order-to-invoice", "source": "north", "target": "books"}
    content = json.loads(file(policy={"owns": []}))
    apply(json.dumps({**content, "flows": [*content["flows"], orders]}), {})
    assert Flow.objects.count() == 3


def test_the_documented_winners_are_those_of_the_preset() -> None:
    preset = loader.read(loader.HERE / "customer-to-client.yaml")
    policy, winners = policy_from(preset.policy), {"source": "the store", "target": "the books", "ask": "a person"}
    documented = (loader.HERE.parents[1] / "docs" / "two-ways.md").read_text()
    for name in owned(preset.mappings[0].rules, policy):
        assert f"| {heading(name)} | {winners[policy.owner(name)]} |" in documented
