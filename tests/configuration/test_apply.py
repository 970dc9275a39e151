"""A file sets up a hub: all of it or nothing, and twice is the same as once."""

from __future__ import annotations

import datetime as dt

import pytest

from connectors.models import Connection
from hub.configuration import ConfigurationError, apply
from hub.models import Flow, FlowVersion
from mappings.models import Lookup, Mapping

pytestmark = pytest.mark.django_db

Environment = dict[str, str]


def refused(text: str, environment: Environment) -> str:
    before = (Connection.objects.count(), Flow.objects.count(), Mapping.objects.count())
    with pytest.raises(ConfigurationError) as caught:
        apply(text, environment)
    assert (Connection.objects.count(), Flow.objects.count(), Mapping.objects.count()) == before
    return str(caught.value)


def test_a_file_sets_up_connections_and_a_published_flow(file: str, environment: Environment) -> None:
    apply(file, environment)
    store, books = Connection.objects.get(name="north-store"), Connection.objects.get(name="books")
    assert store.settings["base_url"] == "http://127.0.0.1:9101"
    assert store.secrets["access_token"] == "store-token-1"
    assert "access_token" not in store.settings
    assert store.poll_from == dt.datetime(2026, 11, 1, 4, tzinfo=dt.UTC)
    assert books.lock_date == dt.date(2025, 12, 31)
    assert books.secrets["expires_at"].startswith("2026-11-30T12:00:00")
    flow = Flow.objects.get(name="north-orders")
    assert flow.enabled and flow.preset == "order-to-invoice" and flow.policy == {"invoice_prefix": "N-"}
    assert flow.version and flow.version.policy["invoice_prefix"] == "N-"
    assert [step["name"] for step in flow.version.steps] == [
        "client",
        "items",
        "invoice",
        "payments",
        "refunds",
        "write_back",
    ]
    assert all(step["rules"] for step in flow.version.steps)


def test_applying_twice_changes_nothing(file: str, environment: Environment) -> None:
    assert apply(file, environment)
    assert apply(file, environment) == []
    assert FlowVersion.objects.count() == 1


def test_a_rotated_token_is_not_overwritten_by_its_old_seed(file: str, environment: Environment) -> None:
    apply(file, environment)
    books = Connection.objects.get(name="books")
    books.secrets = {**books.secrets, "access_token": "live", "refresh_token": "live-too"}
    books.save()
    assert apply(file, environment) == []
    assert Connection.objects.get(name="books").secrets["refresh_token"] == "live-too"


def test_a_new_seed_replaces_the_token_and_the_old_expiry(file: str, environment: Environment) -> None:
    apply(file, environment)
    without_expiry = file.replace("      expires_at: 2026-11-30T12:00:00Z\n", "")
    apply(without_expiry, {**environment, "FB_TOKEN": "access-2", "FB_REFRESH": "refresh-2"})
    secrets = Connection.objects.get(name="books").secrets
    assert (secrets["access_token"], secrets["refresh_token"]) == ("access-2", "refresh-2")
    assert not secrets.get("expires_at")


def test_a_connection_that_waited_for_a_login_works_again_after_new_tokens(file: str, environment: Environment) -> None:
    apply(file, environment)
    Connection.objects.get(name="books").ask_for_login("refused")
    apply(file, {**environment, "FB_TOKEN": "access-2", "FB_REFRESH": "refresh-2"})
    assert Connection.objects.get(name="books").state == Connection.State.NEW


def test_what_a_file_omits_is_left_alone(file: str, environment: Environment) -> None:
    apply(file, environment)
    changes = apply(
        """\
version: 1
connections: [{name: north-store, settings: {timezone: Europe/Berlin}}]
flows: [{name: north-orders, policy: {due_days: 14}}]
""",
        {},
    )
    store, flow = Connection.objects.get(name="north-store"), Flow.objects.get(name="north-orders")
    assert store.settings["base_url"] == "http://127.0.0.1:9101" and store.settings["timezone"] == "Europe/Berlin"
    assert store.secrets["webhook_secret"] == "hook-secret-1" and store.poll_from
    assert flow.enabled and flow.policy == {"invoice_prefix": "N-", "due_days": 14}
    assert changes == ["connection north-store: timezone", "flow north-orders: policy", "flow north-orders: version 2"]


def test_a_missing_variable_is_named_with_its_line(file: str) -> None:
    said = refused(file, {})
    assert "line 5: the environment has no variable STORE_TOKEN" in said
    assert "FB_REFRESH" in said


def test_an_unknown_key_is_named_with_line_and_what_is_allowed(file: str, environment: Environment) -> None:
    said = refused(file.replace("poll_from:", "pol_from:"), environment)
    assert "line 6: connections.north-store.pol_from: this key is unknown; allowed are name, kind, settings" in said


def test_an_unknown_setting_is_named_with_the_settings_there_are(file: str, environment: Environment) -> None:
    said = refused(file.replace("account_id:", "acount_id:"), environment)
    assert "line 11: connections.books.settings.acount_id: FreshBooks has no such setting; it has api_url" in said


def test_an_unknown_policy_is_named_with_its_line(file: str, environment: Environment) -> None:
    said = refused(file.replace("invoice_prefix:", "invoice_prefx:"), environment)
    assert "line 19: flows.north-orders.policy.invoice_prefx: policy.invoice_prefx is unknown" in said
    assert "invoice_prefix" in said


def test_every_problem_is_told_at_once(file: str, environment: Environment) -> None:
    bad = file.replace("kind: magento", "kind: bazaar").replace("account_id:", "acount_id:").replace('"N-"', "[]")
    said = refused(bad, environment)
    assert "there is no connector of kind 'bazaar'" in said and "acount_id" in said and "invoice_prefix" in said


def test_two_flows_into_the_same_books_may_not_share_a_prefix(file: str, environment: Environment) -> None:
    second = "  - {name: more-orders, preset: magento-order-to-invoice, source: north-store, target: books, policy: {invoice_prefix: N-}}\n"
    assert "too: choose another" in refused(file + second, environment)


def test_two_flows_may_swap_their_prefixes_in_one_file(file: str, environment: Environment) -> None:
    second = "  - {name: more-orders, preset: magento-order-to-invoice, source: north-store, target: books, policy: {invoice_prefix: M-}}\n"
    apply(file + second, environment)
    swapped = (file + second).replace("M-", "X-").replace('"N-"', '"M-"').replace("X-", "N-")
    apply(swapped, environment)
    prefixes = {flow.name: flow.version.policy["invoice_prefix"] for flow in Flow.objects.all() if flow.version}
    assert prefixes == {"north-orders": "M-", "more-orders": "N-"}


def test_a_preset_of_another_kind_is_refused(file: str, environment: Environment) -> None:
    said = refused(file.replace("source: north-store, target: books", "source: books, target: books"), environment)
    assert "magento-order-to-invoice is for magento, but books is of kind freshbooks" in said


def test_the_ends_of_a_flow_never_change(file: str, environment: Environment) -> None:
    apply(file, environment)
    said = refused("version: 1\nflows: [{name: north-orders, target: north-store}]", {})
    assert "it is books, and that cannot be changed" in said


def test_an_unknown_preset_tells_which_there_are(file: str, environment: Environment) -> None:
    said = refused(file.replace("magento-order-to-invoice", "magento-order-to-invoce"), environment)
    assert "magento-order-to-invoice" in said


def test_a_mapping_and_a_table_come_with_the_file_and_reach_the_flows(file: str, environment: Environment) -> None:
    apply(file, environment)
    more = """\
version: 1
lookups: [{name: countries, rows: {NO: Norway, SE: Sweden}}]
mappings:
  - name: order-to-write-back
    rules:
      - {target: comment, formula: '"In the books as " & posted.invoice.number'}
"""
    changes = apply(more, {})
    assert "mapping order-to-write-back: version 2" in changes and "flow north-orders: version 2" in changes
    assert dict(Lookup.objects.get(name="countries").rows.values_list("key", "value")) == {
        "NO": "Norway",
        "SE": "Sweden",
    }
    assert apply(more, {}) == []


def test_a_bad_rule_is_named_with_its_line(file: str, environment: Environment) -> None:
    apply(file, environment)
    bad = """\
version: 1
mappings:
  - name: order-to-write-back
    rules:
      - {target: comment, source: number}
      - {target: coment, formula: ROUNDD(total)}
"""
    said = refused(bad, {})
    assert "line 6: mappings.order-to-write-back.rules.1.target" in said
    assert "Did you mean ROUND(number, digits)?" in said


def test_settings_stay_as_they_are_written(file: str, environment: Environment) -> None:
    apply(file.replace("AbC123", "007"), environment)
    assert Connection.objects.get(name="books").settings["account_id"] == "007"


def test_a_dollar_can_be_meant(file: str, environment: Environment) -> None:
    apply(file.replace("client_id: x", 'client_id: "$${x}"'), environment)
    assert Connection.objects.get(name="books").settings["client_id"] == "${x}"


def test_broken_yaml_names_its_line(environment: Environment) -> None:
    assert refused("version: 1\nflows: [", environment).startswith("line ")


def test_a_key_that_stands_twice_is_refused(environment: Environment) -> None:
    assert "line 2: version stands here twice" in refused("version: 1\nversion: 1\n", environment)


def test_an_instant_must_say_its_zone(file: str, environment: Environment) -> None:
    said = refused(file.replace("poll_from: 2026-11-01", "poll_from: 2026-11-01T10:00:00"), environment)
    assert "does not say its zone" in said


def test_a_flow_of_own_steps_needs_no_preset(file: str, environment: Environment) -> None:
    apply(file, environment)
    own = """\
version: 1
flows:
  - name: refused-orders
    source: north-store
    source_resource: order
    target: books
    target_resource: client
    steps:
      - {name: no_vat, do: skip, when: vat_number == "", reason: no_vat, message: Only companies}
      - {name: client, do: ensure, resource: client, mapping: order-to-client}
"""
    assert apply(own, {})
    assert apply(own, {}) == []


def test_a_step_whose_mapping_makes_something_else_is_refused(file: str, environment: Environment) -> None:
    steps = "version: 1\nflows: [{name: north-orders, steps: [{name: a, do: ensure, resource: item, mapping: order-to-client}]}]"
    apply(file, environment)
    assert "makes Client of Order, but the step needs Item of Order" in refused(steps, {})


def test_a_dry_run_tells_and_changes_nothing(file: str, environment: Environment) -> None:
    assert apply(file, environment, dry_run=True)
    assert not Connection.objects.exists()
