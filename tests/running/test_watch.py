"""When a cluster is ill, and when it only has nothing to do."""

from __future__ import annotations

from hub.supervisor.watch import Limits, Watch

LIMITS = Limits(grace=60, patience=100, silence=30)


def lived(*signs: tuple[float, str], until: float, alive: bool = True) -> str:
    """The complaint at that time, about a cluster whose sentinel and pusher are alive unless said otherwise."""
    watch = Watch(LIMITS, 0)
    steady = [(second, sign) for second in range(int(until) + 1) for sign in ("beats", "asks")] if alive else []
    for second, sign in sorted([*steady, *signs]):
        watch.saw([sign], second)
    return watch.complaint(until)


def test_an_idle_cluster_is_well() -> None:
    assert not lived(until=1000)


def test_a_busy_cluster_is_well() -> None:
    assert not lived(*((second, sign) for second in range(0, 900, 50) for sign in ("took", "started")), until=950)


def test_a_task_that_nobody_starts_is_a_complaint() -> None:
    assert "no worker" in lived((10, "took"), until=111)


def test_a_task_that_was_started_is_none_however_long_it_takes() -> None:
    assert not lived((10, "took"), (11, "started"), until=500)


def test_a_task_that_could_not_be_read_is_forgotten_with_the_next() -> None:
    assert not lived((10, "took"), (70, "took"), (71, "started"), until=500)


def test_a_full_pool_that_moves_is_well() -> None:
    assert not lived((0, "took"), (1, "took"), (2, "took"), (3, "started"), (90, "started"), until=150)


def test_a_death_is_a_complaint_at_once() -> None:
    assert "died" in lived((5, "died"), until=5)


def test_a_sentinel_that_falls_silent_is_a_complaint() -> None:
    assert not lived((20, "beats"), until=50, alive=False)
    assert "sentinel" in lived((20, "beats"), until=51, alive=False)


def test_a_cluster_may_take_its_time_to_start() -> None:
    assert not lived(until=99, alive=False)
    assert "sentinel" in lived(until=101, alive=False)


def test_a_pusher_that_hangs_is_a_complaint() -> None:
    watch = Watch(LIMITS, 0)
    for second in range(132):
        watch.saw(["beats"], second)
    assert "nobody asks" in watch.complaint(131)
