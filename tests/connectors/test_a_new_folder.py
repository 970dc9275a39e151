"""Adding a connector touches one folder: the contract suite, the admin and `manage.py check` find it by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from connectors import registry

ROOT = registry.HERE.parent
KIND = "paper_mill"
ADD = "/admin/connectors/connection/add/"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """As `manage.py startconnector` makes it, in a place that the registry is told of."""
    call_command("startconnector", KIND, "--into", str(tmp_path))
    monkeypatch.setenv("COUNTINGHOUSE_CONNECTORS", str(tmp_path))
    forget()
    yield tmp_path / KIND
    forget()


def forget() -> None:
    """Nothing of it is loaded (any more)."""
    for name in [name for name in sys.modules if name.startswith(f"connectors.{KIND}")]:
        del sys.modules[name]
    registry.connectors.cache_clear()


def edit(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    forget()


def refusal() -> str:
    with pytest.raises(SystemCheckError) as refused:
        call_command("check")
    return str(refused.value)


def test_the_contract_suite_runs_on_it(folder: Path) -> None:
    code, said = suite(KIND)
    assert code == 0, said
    assert int(said.rpartition(" passed")[0].split()[-1]) > 50


def test_the_contract_suite_says_which_promise_it_breaks(folder: Path) -> None:
    edit(folder / "client.py", "raise Gone(", "raise Rejected(")
    code, said = suite(f"{KIND} and not_there")
    assert code == 1 and "test_a_record_that_is_not_there_is_gone" in said, said


def suite(chosen: str) -> tuple[int, str]:
    """In a process of its own: its cases are collected from the registry when it starts."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        chosen,
        "tests/connectors/contract",
    ]
    with tempfile.TemporaryDirectory() as var:
        env = {**os.environ, "COUNTINGHOUSE_VAR": var}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=240)
    return done.returncode, done.stdout[-3000:] + done.stderr[-3000:]


def test_it_can_be_chosen_and_configured_in_the_admin(folder: Path, admin_client: Client) -> None:
    chooser = admin_client.get(ADD).content.decode()
    assert f"?kind={KIND}" in chooser and "Paper Mill" in chooser
    page = admin_client.get(f"{ADD}?kind={KIND}").content.decode()
    for name in registry.connector(KIND).settings_form.base_fields:
        assert f"set-{name}" in page
    assert "Connect Paper Mill" in page


def test_the_check_is_content_with_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check")
    assert "no issues" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("__init__.py", "PaperMill as connector", "PaperMil as connector", ["E001", KIND, "cannot be loaded"]),
        ("__init__.py", "PaperMill as connector", "PaperMill", ["E002", "has no label"]),
        ("connector.py", "    label =", "    title =", ["E002", f"connector {KIND} has no label"]),
        ("connector.py", 'role = "store"', 'role = "shop"', ["E003", "'shop'", "Use store, crm or books"]),
        ("connector.py", "settings_form = SettingsForm", "settings_form = {}", ["E004", "settings_form"]),
        ("connector.py", "def read_notices", "def notices", ["E005", "does not override read_notices()"]),
        ("orders.py", "    document = Order\n", "", ["E006", "resource order has no document", "documents.py"]),
        ("orders.py", "    def parse(self", "    def parsed(self", ["E007", "fetch() but not parse()"]),
        ("orders.py", "    def resolve(self", "    def resolved(self", ["E008", "number_lookup but has no resolve()"]),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_a_broken_folder_is_refused_with_a_message_and_a_hint(
    folder: Path, file: str, old: str, new: str, expected: list[str]
) -> None:
    edit(folder / file, old, new)
    said = refusal()
    assert f"connectors.{expected[0]}" in said and "HINT: " in said
    assert [words for words in expected if words not in said] == []


def test_a_folder_that_is_no_package_is_refused_by_its_path(folder: Path) -> None:
    (folder / "__init__.py").unlink()
    forget()
    assert f"connectors.E001) The connector folder {folder} cannot be loaded" in refusal()


def test_a_folder_without_its_guide_is_a_warning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "setup.md").unlink()
    call_command("check")
    said = capsys.readouterr().err
    assert "connectors.W001" in said and f"{KIND} has no setup.md" in said and "HINT" in said
