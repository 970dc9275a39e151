"""`manage.py sandbox` and the file that connects what it serves."""

from __future__ import annotations

import datetime as dt
import json
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from connectors import registry
from hub.demo.simulated import Simulated, read_announcement
from hub.demo.wiring import wiring
from hub.management.commands.sandbox import kinds
from hub.supervisor.child import Child
from hub.supervisor.household import MANAGE
from tests.running.installation import OPERATOR


@pytest.fixture(scope="module")
def simulated() -> Iterator[list[Simulated]]:
    child = Child([*MANAGE, "sandbox", "--port", "0", "--json"], env=OPERATOR, stdout=subprocess.PIPE)
    try:
        assert child.output
        yield read_announcement(child.output.readline())
    finally:
        child.kill()


def test_the_books_come_first() -> None:
    roles = [registry.connector(kind).role for kind in kinds([])]
    assert roles[0] == "books"
    assert sorted(kinds([])) == sorted(registry.connectors())


def test_every_simulator_answers_at_its_address(simulated: list[Simulated]) -> None:
    for one in simulated:
        with urllib.request.urlopen(f"{one.url}/_sandbox/state", timeout=5) as answer:
            assert json.load(answer) is not None


def test_its_settings_are_those_of_the_connectors_form(simulated: list[Simulated]) -> None:
    for one in simulated:
        form = registry.connector(one.kind).settings_form(data=dict(one.settings))
        assert form.is_valid(), (one.kind, form.errors)
        assert set(one.settings) <= set(form.fields)


def test_every_store_is_wired_to_the_books(simulated: list[Simulated]) -> None:
    file = wiring(simulated, dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    names = {one["name"] for one in file["connections"]}
    stores = {one.name for one in simulated if one.role == "store"}
    assert stores <= {flow["source"] for flow in file["flows"]} <= names
    assert {flow["target"] for flow in file["flows"]} == {"books"}
    prefixes = [flow["policy"]["invoice_prefix"] for flow in file["flows"]]
    assert len(set(prefixes)) == len(prefixes)


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(CommandError, match="no connector of kind corner_shop"):
        call_command("sandbox", "--kind", "corner_shop")


def test_a_taken_port_is_refused_in_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="cannot be used"):
            call_command("sandbox", "--port", str(taken.getsockname()[1]))
