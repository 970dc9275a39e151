"""A month of trade, in which everything goes wrong that can; not a cent of it is lost, doubled or wrong in the end.

`CHAOS_SEEDS=20` plays twenty months of each scenario, `CHAOS_SHARE=0/5` the first of five shares of them;
`CHAOS_ONLY=everything` plays only the one in which everything happens.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from tests.chaos.fleet import Zygote
from tests.chaos.month import open_month
from tests.chaos.scenarios import SCENARIOS, Scenario
from tests.chaos.tally import note
from tests.chaos.verdict import judge
from tests.postgres import is_given

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and forks"),
]
SHARE, OF = map(int, os.environ.get("CHAOS_SHARE", "0/1").split("/"))
SEEDS = range(1, int(os.environ.get("CHAOS_SEEDS", "2")) + 1)[SHARE::OF]
ONLY = os.environ.get("CHAOS_ONLY", "")
PLAYED = [scenario for scenario in SCENARIOS if ONLY in ("", scenario.name)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scenario", PLAYED, ids=lambda scenario: scenario.name)
def test_nothing_is_lost_doubled_or_wrong(
    scenario: Scenario, seed: int, nursery: Zygote, tmp_path: Path, tally: Path
) -> None:
    skip_unless_possible(scenario)
    began = time.monotonic()
    with open_month(scenario, seed, nursery, tmp_path) as month:
        month.play()
        verdict = judge(month, time.monotonic() - began)
    note(verdict.row, tally)
    assert not month.unrest, month.unrest
    assert not verdict.findings, "\n".join(map(str, verdict.findings))
    assert not verdict.disagreement
    assert not month.raised or month.restarts, f"{month.raised} workers raised; see above"


def skip_unless_possible(scenario: Scenario) -> None:
    if not scenario.restarts:
        return
    if connection.vendor != "postgresql" and scenario.name == "restarts":
        pytest.skip("SQLite has no server")
    if connection.vendor == "postgresql" and is_given():
        pytest.skip("the server that TEST_POSTGRES_URL names is not ours to crash")
