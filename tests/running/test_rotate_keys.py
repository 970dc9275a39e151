"""Keys are rotated: every secret ends under the newest key, so that the old one can be retired."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from connectors.models import Connection

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(settings: Settings) -> Connection:
    settings.FIELD_KEYS = [OLD]
    Connection.objects.create(name="no-secrets", kind="any")
    return Connection.objects.create(name="store", kind="any", secrets={"access_token": "s3cret"})


def test_the_old_key_can_be_retired_afterwards(
    connection: Connection, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    call_command("rotate_keys")
    settings.FIELD_KEYS = [NEW]
    assert Connection.objects.get(name="store").secrets == {"access_token": "s3cret"}
    assert Connection.objects.get(name="no-secrets").secrets == {}
    assert "1 of connections" in capsys.readouterr().out


def test_without_it_the_old_key_is_needed(connection: Connection, settings: Settings) -> None:
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(ImproperlyConfigured, match="COUNTINGHOUSE_FIELD_KEYS"):
        Connection.objects.get(name="store")


def test_rotating_needs_the_old_key(connection: Connection, settings: Settings) -> None:
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match="add the key"):
        call_command("rotate_keys")
    settings.FIELD_KEYS = [OLD]
    assert Connection.objects.get(name="store").secrets == {"access_token": "s3cret"}
