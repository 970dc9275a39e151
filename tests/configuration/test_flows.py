"""What runs is a version, whole in itself; publishing what has not changed makes none."""

from __future__ import annotations

import pytest

from connectors.models import Connection
from hub import presets
from hub.flows import FlowError, make_from_preset, merged_policy, publish, republish
from hub.models import Flow, FlowVersion
from mappings import editing
from mappings.models import Mapping

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow() -> Flow:
    store = Connection.objects.create(name="store", kind="magento")
    books = Connection.objects.create(name="books", kind="freshbooks")
    preset = presets.resolve("magento-order-to-invoice")
    return make_from_preset(preset, name="orders", source=store, target=books, policy={"due_days": 7})


def test_a_version_holds_the_whole_policy_and_the_rules(flow: Flow) -> None:
    assert flow.version and flow.version.number == 1
    assert flow.version.policy["due_days"] == 7 and flow.version.policy["invoice_when"] == "accepted"
    assert [step["rules"][0]["target"] for step in flow.version.steps[:3]] == ["email", "sku", "number"]
    assert flow.policy == {"due_days": 7}


def test_publishing_what_has_not_changed_is_the_same_version(flow: Flow) -> None:
    assert publish(flow) == flow.version
    assert FlowVersion.objects.count() == 1


def test_a_changed_mapping_reaches_its_flows_when_they_are_published(flow: Flow) -> None:
    mapping = Mapping.objects.get(name="order-to-write-back")
    editing.save(mapping, [{"target": "comment", "value": "Booked"}])
    assert Flow.objects.get().version == flow.version
    assert republish(mapping, reason="Shorter") == [flow]
    assert Flow.objects.get().version.reason == "Shorter"
    assert republish(mapping) == []


def test_a_second_flow_keeps_the_mappings_as_they_were_edited(flow: Flow) -> None:
    editing.save(Mapping.objects.get(name="order-to-write-back"), [{"target": "comment", "value": "Booked"}])
    other = Connection.objects.create(name="other", kind="magento")
    preset = presets.resolve("magento-order-to-invoice")
    second = make_from_preset(preset, name="more", source=other, target=flow.target, policy={"invoice_prefix": "M-"})
    assert second.version and second.version.steps[-1]["rules"][0]["value"] == "Booked"


def test_a_flow_that_cannot_work_is_not_published(flow: Flow) -> None:
    flow.steps = [{"name": "a", "do": "ensure", "resource": "invoyce", "mapping": "order-to-invoice", "when": "1 ="}]
    flow.save()
    with pytest.raises(FlowError) as caught:
        publish(flow)
    assert [location for location, _ in caught.value.complaints] == [("steps", 0, "when"), ("steps", 0, "resource")]
    assert "it has client, credit_note" in str(caught.value)
    assert Flow.objects.get().version_id == flow.version_id


def test_the_flow_s_own_document_is_never_optional(flow: Flow) -> None:
    """Else a record could be posted without it, and its payments would have nothing to be booked on."""
    next(step for step in flow.steps if step["name"] == "invoice")["on_failure"] = "continue"
    with pytest.raises(FlowError, match="nothing to continue with"):
        publish(flow)


def test_a_shared_prefix_is_refused_whole(flow: Flow) -> None:
    preset = presets.resolve("magento-order-to-invoice")
    with pytest.raises(FlowError, match="choose another"):
        make_from_preset(preset, name="more", source=flow.source, target=flow.target)
    assert Flow.objects.count() == 1


def test_policies_merge_by_key_and_within_groups_while_tables_are_taken_whole() -> None:
    base = {"payment_types": {"a": "Cash"}, "write_back": {"status": "done"}, "due_days": 1}
    over = {"payment_types": {"b": "Check"}, "write_back": {"comment": False}}
    assert merged_policy(base, over) == {
        "payment_types": {"b": "Check"},
        "write_back": {"status": "done", "comment": False},
        "due_days": 1,
    }
