"""A vendor's rate limit, kept by several processes together: nearly all of it is used, and hardly anything refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from connectors import registry
from connectors.budget import FRESH, JITTER, Process, SharedBudget
from connectors.documents import Client
from connectors.errors import RateLimited
from connectors.http import NoBudget
from connectors.models import Connection, RateBudget
from tests.connectors.vaults import MemoryVault
from tests.hub.dying import killed_at

Queries = Callable[[int], Any]


@pytest.fixture
def connection(db: None) -> Connection:
    return Connection.objects.create(name="books", kind="freshbooks")


@pytest.fixture
def budget(connection: Connection) -> SharedBudget:
    return SharedBudget(connection.pk, Process())


def another(budget: SharedBudget) -> SharedBudget:
    """The same budget, in another process."""
    return SharedBudget(budget.connection_id, Process())


def known(connection: Connection, kind: str, limit: int, seconds: float) -> None:
    """A limit that was told on an earlier day."""
    over = timezone.now() - dt.timedelta(days=1)
    RateBudget.objects.create(connection=connection, kind=kind, limit=limit, left=0, ends_at=over, seconds=seconds)


def spend(budget: SharedBudget, most: int = 1000, kind: str = "read") -> int:
    """Take until refused; returns how many calls were allowed."""
    for taken in range(most):
        try:
            budget.take(kind)
        except RateLimited:
            return taken
    return most


def refusal(budget: SharedBudget, kind: str = "read") -> RateLimited:
    with pytest.raises(RateLimited) as limited:
        budget.take(kind)
    return limited.value


# --- the limit is learned ---


def test_where_no_limit_was_told_nothing_is_limited_or_asked(
    budget: SharedBudget, django_assert_max_num_queries: Queries
) -> None:
    with django_assert_max_num_queries(2):
        assert spend(budget, 500) == 500


def test_once_a_limit_was_told_it_is_kept(budget: SharedBudget) -> None:
    budget.take("read")
    budget.learn("read", limit=40, remaining=39, reset_in=30)
    assert spend(budget) == 39
    limited = refusal(budget)
    assert limited.code == "budget" and 29 < limited.wait <= 30 + JITTER[1]


def test_most_calls_cost_no_statement(budget: SharedBudget, django_assert_max_num_queries: Queries) -> None:
    budget.learn("read", limit=600, remaining=599, reset_in=30)
    with django_assert_max_num_queries(220):
        assert spend(budget) == 599 - 12
    with django_assert_max_num_queries(0):
        refusal(budget)


def test_the_kinds_are_counted_apart(budget: SharedBudget) -> None:
    budget.learn("write", limit=10, remaining=0, reset_in=30)
    refusal(budget, "write")
    assert spend(budget, 100, "read") == 100


def test_what_others_use_up_is_seen_in_the_headers(budget: SharedBudget) -> None:
    budget.learn("read", limit=100, remaining=99, reset_in=30)
    assert spend(budget, 10) == 10
    budget.learn("read", limit=100, remaining=20, reset_in=30)
    assert spend(budget) == 20 - 2


def test_one_call_in_fifty_is_left_for_what_others_take_while_ours_are_on_their_way(budget: SharedBudget) -> None:
    budget.learn("write", limit=250, remaining=5, reset_in=30)
    assert spend(budget, kind="write") == 0


def test_a_limit_of_nothing_is_no_limit(budget: SharedBudget) -> None:
    budget.learn("read", limit=0, remaining=0, reset_in=30)
    assert spend(budget, 100) == 100


@pytest.mark.django_db(transaction=True)
def test_whoever_dies_while_the_first_limit_is_written_down_stops_nobody() -> None:
    """Killed at each statement in turn, until one lives to make its call."""
    connection = Connection.objects.create(name="books", kind="freshbooks")

    def learn_and_call() -> None:
        first = SharedBudget(connection.pk, Process())
        first.learn("read", limit=50, remaining=49, reset_in=30)
        first.take("read")

    for point in itertools.count(1):
        RateBudget.objects.all().delete()
        died = killed_at(point, learn_and_call)
        assert spend(SharedBudget(connection.pk, Process()), 10) == 10, (
            f"nobody may call after a death at point {point}"
        )
        if not died:
            break
    assert point > 4


def test_a_limit_of_nothing_that_was_left_behind_stops_nobody(budget: SharedBudget, connection: Connection) -> None:
    """As our first versions did when they were killed in that moment."""
    known(connection, "read", 0, seconds=0)
    assert spend(budget, 10) == 10
    budget.learn("read", limit=40, remaining=30, reset_in=30)
    assert spend(budget) == 30
    assert RateBudget.objects.get().limit == 40


# --- windows ---


def test_of_all_that_is_told_of_a_window_s_end_the_earliest_counts(budget: SharedBudget) -> None:
    """Whole seconds are told, rounded up: 29.1 and 28.9 seconds before the end are told as 30 and 29."""
    budget.learn("read", limit=20, remaining=2, reset_in=30)
    budget.learn("read", limit=20, remaining=1, reset_in=29)
    budget.learn("read", limit=20, remaining=0, reset_in=30)
    assert refusal(budget).wait <= 29 + JITTER[1]


def test_with_the_next_window_it_goes_on(budget: SharedBudget) -> None:
    budget.learn("read", limit=20, remaining=20, reset_in=30)
    assert spend(budget) == 20
    RateBudget.objects.update(ends_at=timezone.now() - dt.timedelta(seconds=1))
    next_one = another(budget)
    assert spend(next_one) == 20
    assert 29 < refusal(next_one).wait <= 30 + JITTER[1]


def test_the_vendor_tells_when_its_new_window_ends(budget: SharedBudget) -> None:
    budget.learn("read", limit=20, remaining=0, reset_in=1)
    refusal(budget)
    time.sleep(1.01)
    budget.take("read")
    budget.learn("read", limit=20, remaining=19, reset_in=40)
    assert spend(budget) <= 19
    assert refusal(budget).wait > 35


def test_a_machine_whose_clock_is_wrong_keeps_to_the_same_window(budget: SharedBudget) -> None:
    budget.learn("read", limit=20, remaining=20, reset_in=30)
    assert spend(budget) == 20
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        assert 29 < refusal(another(budget)).wait <= 30 + JITTER[1]


# --- several processes ---


def test_processes_share_one_window(budget: SharedBudget) -> None:
    budget.learn("read", limit=100, remaining=100, reset_in=30)
    both = [budget, another(budget)]
    assert sum(spend(one, 30) for one in both) == 60
    assert sum(spend(one) for one in both) == 38
    assert spend(another(budget)) == 0


@pytest.mark.django_db(transaction=True)
def test_processes_that_begin_a_window_at_once_share_it() -> None:
    connection = Connection.objects.create(name="books", kind="freshbooks")
    known(connection, "read", 200, seconds=30)
    counts: list[int] = []

    def work() -> None:
        counts.append(spend(SharedBudget(connection.pk, Process())))

    together(*[work] * 8)
    assert sum(counts) == 196


# --- pauses ---


def test_a_pause_holds_for_every_kind(budget: SharedBudget) -> None:
    Connection.objects.get().pause(60, "too many calls")
    for kind in ("read", "write", "login"):
        limited = refusal(budget, kind)
        assert limited.code == "paused" and 59 < limited.wait <= 60


def test_a_pause_is_noticed_within_a_moment(budget: SharedBudget) -> None:
    assert spend(budget, 10) == 10
    Connection.objects.get().pause(60, "too many calls")
    time.sleep(FRESH + 0.05)
    assert refusal(budget).code == "paused"


# --- against the simulator ---

LIMIT, WINDOW, WINDOWS = 100, 3, 3
STORM = 0.005
"""From such a share of refusals on, it is one."""
SURPRISED = 0.02
"""Where nobody can know enough: at a first start, and beside another app, which takes its calls while ours are on their
way."""


@pytest.fixture
def vendor() -> Iterator[Any]:
    simulator = registry.module("freshbooks", "sandbox").sandbox()
    simulator.switch.update(rate_limit_write=LIMIT, rate_window=WINDOW)
    simulator.serve()
    yield simulator
    simulator.close()


class Counted(SharedBudget):
    """Remembers how many calls the vendor said were left after each write, and how many it refused."""

    def __init__(self, connection_id: int, process: Process) -> None:
        super().__init__(connection_id, process)
        self.remaining: list[int] = []
        self.refused = 0

    def learn(self, kind: str, *, limit: int, remaining: int, reset_in: float) -> None:
        super().learn(kind, limit=limit, remaining=remaining, reset_in=reset_in)
        if kind == "write":
            self.remaining.append(remaining)


@pytest.mark.django_db(transaction=True)
def test_under_sustained_load_nearly_all_of_the_limit_is_used_and_hardly_a_call_refused(vendor: Any) -> None:
    """Four processes of two threads each make 95 % of the calls that three windows allow, and need no fourth."""
    budgets = processes_with_a_known_limit()
    work_together(vendor, budgets, until=0.95 * LIMIT * WINDOWS)
    assert served(budgets).count(LIMIT - 1) <= WINDOWS
    assert refused(budgets) < STORM * len(served(budgets))


@pytest.mark.django_db(transaction=True)
def test_beside_another_app_hardly_a_call_is_refused(vendor: Any) -> None:
    """The other one takes half of the limit, bit by bit. What it takes while our calls are on their way is the risk."""
    budgets = processes_with_a_known_limit()
    over = threading.Event()

    def another_app() -> None:
        clients = connected(vendor, NoBudget()).resource("client")
        while not over.wait(WINDOW / (LIMIT / 2)):
            with contextlib.suppress(RateLimited):
                clients.create(Client(email="else@example.org", currency="USD"))

    def ours() -> None:
        work_together(vendor, budgets, until=0.9 * LIMIT / 2 * WINDOWS)
        over.set()

    together(another_app, ours)
    assert refused(budgets) < SURPRISED * len(served(budgets))


@pytest.mark.django_db(transaction=True)
def test_a_first_start_knows_nothing_and_hardly_a_call_is_refused(vendor: Any) -> None:
    connection = Connection.objects.create(name="books", kind="freshbooks")
    budgets = processes(connection)
    work_together(vendor, budgets, until=1.5 * LIMIT)
    assert refused(budgets) < SURPRISED * len(served(budgets))


def processes_with_a_known_limit() -> list[Counted]:
    connection = Connection.objects.create(name="books", kind="freshbooks")
    known(connection, "write", LIMIT, seconds=WINDOW)
    return processes(connection)


def processes(connection: Connection) -> list[Counted]:
    """Four, of two threads each."""
    return [Counted(connection.pk, process) for process in [Process() for _ in range(4)] * 2]


def work_together(vendor: Any, budgets: list[Counted], *, until: float) -> None:
    def work(budget: Counted) -> None:
        clients = connected(vendor, budget).resource("client")
        while len(served(budgets)) < until:
            try:
                clients.create(Client(email=f"{time.monotonic_ns()}-{id(budget)}@example.org", currency="USD"))
            except RateLimited as limited:
                budget.refused += limited.code == "rate_limited"
                time.sleep(limited.wait)

    together(*[partial(work, budget) for budget in budgets])


def served(budgets: list[Counted]) -> list[int]:
    return [remaining for budget in budgets for remaining in budget.remaining]


def refused(budgets: list[Counted]) -> int:
    return sum(budget.refused for budget in budgets)


def connected(vendor: Any, budget: SharedBudget | NoBudget) -> Any:
    connector = registry.connector("freshbooks")
    form = connector.settings_form(vendor.connection_settings())
    assert form.is_valid()
    given = {name: value for name, value in form.cleaned_data.items() if value}
    return connector(given, MemoryVault(**{name: str(value) for name, value in given.items()}), budget)


def together(*jobs: Callable[[], None]) -> None:
    """All start at once; each closes its own database connection."""
    gate = threading.Barrier(len(jobs))
    failures: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        gate.wait()
        try:
            job()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
