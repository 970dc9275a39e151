"""What is exported can be applied, and holds no secret."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command, get_commands
from hypothesis import given
from hypothesis import strategies as st

from connectors.models import Connection
from hub import plain_yaml
from hub.configuration import apply, export
from hub.management.commands.export import Command as ExportCommand
from hub.models import Flow, FlowVersion
from mappings.models import Lookup, LookupRow, Mapping

EXPORTED = {
    "NORTH_STORE_ACCESS_TOKEN": "store-token-1",
    "NORTH_STORE_WEBHOOK_SECRET": "hook-secret-1",
    "BOOKS_CLIENT_SECRET": "client-secret-1",
    "BOOKS_ACCESS_TOKEN": "access-1",
    "BOOKS_REFRESH_TOKEN": "refresh-1",
}


def stored() -> list[object]:
    return [
        list(Connection.objects.values("name", "kind", "settings", "poll_from", "lock_date")),
        list(Flow.objects.values("name", "preset", "enabled", "policy", "steps", "target_resource")),
        list(FlowVersion.objects.values("policy", "steps")),
        list(Mapping.objects.values("name", "source", "target", "rules")),
        list(LookupRow.objects.values("lookup__name", "key", "value")),
    ]


@pytest.mark.django_db
def test_what_is_exported_reproduces_the_hub(file: str, environment: dict[str, str]) -> None:
    apply(file, environment)
    table = Lookup.objects.create(name="words", description="${not a variable}")
    LookupRow.objects.create(lookup=table, key="on", value="${HOME}")
    before, text = stored(), export()
    Flow.objects.update(version=None)
    for model in (FlowVersion, Flow, Mapping, Lookup, Connection):
        model.objects.all().delete()
    apply(text, EXPORTED)
    assert stored() == before
    assert export() == text


@pytest.mark.django_db
def test_applying_an_export_to_the_same_hub_changes_nothing(file: str, environment: dict[str, str]) -> None:
    apply(file, environment)
    assert apply(export(), EXPORTED) == []


@pytest.mark.django_db
def test_an_export_holds_no_secret(file: str, environment: dict[str, str]) -> None:
    apply(file, environment)
    text = export()
    assert "${BOOKS_REFRESH_TOKEN}" in text
    assert not [secret for secret in environment.values() if secret in text]
    assert "expires_at" not in text


@pytest.mark.django_db
def test_a_default_that_a_preset_does_not_share_is_exported(file: str, environment: dict[str, str]) -> None:
    apply(file, environment)
    apply("version: 1\nflows: [{name: north-orders, policy: {write_back: {status: done}, due_days: 0}}]", {})
    assert Flow.objects.get().policy == {"invoice_prefix": "N-", "write_back": {"status": "done"}}
    assert apply(export(), EXPORTED) == []


@pytest.mark.django_db
def test_the_commands_speak_plainly(file: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", io.StringIO(file))
    said, again, written = io.StringIO(), io.StringIO(), io.StringIO()
    call_command("apply", "-", stdout=said)
    assert "connection books: created" in said.getvalue()
    monkeypatch.setattr("sys.stdin", io.StringIO(file))
    call_command("apply", "-", stdout=again)
    assert again.getvalue() == "Nothing to change: everything is as the file says.\n"
    call_command(ExportCommand(), stdout=written)
    assert written.getvalue() == export()
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("apply", "/nowhere.yaml")


def test_the_command_named_export_is_ours() -> None:
    """django-import-export has one too: the app that stands first in INSTALLED_APPS wins."""
    assert get_commands()["export"] == "hub"


@given(
    st.recursive(
        st.text() | st.booleans() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_is_dumped_is_loaded_again(value: object) -> None:
    assert plain_yaml.load(plain_yaml.dump({"value": value})) == {"value": value}
