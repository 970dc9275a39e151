"""A connector's folder, its settings form, its check, and what it says to a wrong password."""

from __future__ import annotations

import pytest
from django import forms

from connectors import checks, registry
from connectors.errors import ConnectorError, NeedsLogin
from tests.connectors.contract.subjects import Subject, cleaned, connect, credentials, every_connector


@every_connector
def test_the_checks_find_nothing_missing(kind: str) -> None:
    assert [*checks.findings(kind, registry.connector(kind))] == []


@every_connector
def test_the_folder_holds_its_guide_its_recordings_and_its_simulator(kind: str) -> None:
    folder = registry.folder(kind)
    assert (folder / "setup.md").read_text(encoding="utf-8").strip()
    assert (folder / "recordings").is_dir() and (folder / "sandbox").is_dir()


@every_connector
def test_the_form_takes_the_settings_of_the_simulator(kind: str, subject: Subject) -> None:
    given = subject(kind)[0].connection_settings()
    assert set(given) <= set(registry.connector(kind).settings_form.base_fields)
    assert cleaned(kind, given)


@every_connector
def test_the_form_names_each_field_that_is_missing_or_is_no_address(kind: str, subject: Subject) -> None:
    given = subject(kind)[0].connection_settings()
    form = registry.connector(kind).settings_form
    for name, field in form.base_fields.items():
        if field.required:
            assert name in form({**given, name: ""}).errors
        if isinstance(field, forms.URLField) or name.endswith("_url"):
            assert name in form({**given, name: "no address"}).errors


@every_connector
def test_the_check_answers_in_a_sentence_without_secrets(kind: str, subject: Subject) -> None:
    _, connector = subject(kind)
    said = connector.check()
    assert len(said.split()) > 2
    assert not [name for name in credentials(kind) if (secret := connector.vault.get(name)) and secret in said]


@every_connector
def test_wrong_credentials_ask_for_a_login(kind: str, subject: Subject) -> None:
    sandbox, _ = subject(kind)
    given = sandbox.connection_settings()
    wrong = dict.fromkeys(credentials(kind) & set(given), "not-the-right-one")
    with pytest.raises(NeedsLogin) as refused:
        connect(kind, sandbox, **wrong).check()
    assert len(str(refused.value).split()) > 2 and "not-the-right-one" not in str(refused.value)


@every_connector
def test_an_empty_vault_asks_for_a_login(kind: str, subject: Subject) -> None:
    _, connector = subject(kind)
    connector.vault.put(**dict.fromkeys(credentials(kind), ""))
    with pytest.raises(NeedsLogin):
        connector.check()


@every_connector
def test_an_unknown_resource_is_refused_by_name(kind: str, subject: Subject) -> None:
    with pytest.raises(ConnectorError, match="no_such_thing"):
        subject(kind)[1].resource("no_such_thing")


@every_connector
def test_every_document_has_a_schema(kind: str) -> None:
    for name, resource in registry.connector(kind).resources.items():
        assert resource.name == name and resource.label
        for model in filter(None, (resource.document, resource.change)):
            assert model.model_json_schema()["properties"]
