"""What is installed is exactly what is locked, from wherever this machine gets its packages; and the README is true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert all("--hash=sha256:" in pin for pin in re.split(r"\n(?=\S)", text.strip()))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_everything_that_is_asked_for(lock: str) -> None:
    asked = [*PROJECT["dependencies"], *(PROJECT["optional-dependencies"]["dev"] if "dev" in lock else [])]
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / lock).read_text(), re.MULTILINE))
    assert {re.split(r"[\[<>=; ]", one)[0] for one in asked} <= locked


def test_the_readme_names_commands_that_exist() -> None:
    table = (ROOT / "README.md").read_text().partition("### Commands")[2].partition("##")[0]
    named = {
        word for row in re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE) for word in re.findall(r"`([a-z_]+)", row)
    }
    assert len(named) > 8
    assert named <= set(get_commands())
