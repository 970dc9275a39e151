"""`backfill FLOW`: started, previewed, watched, paused and stopped without a worker."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from connectors.models import Connection
from hub.models import Backfill, Flow, Posting, SyncRecord
from tests.hub.history import DAYS, history
from tests.hub.rows import make_flow
from tests.hub.world import World
from tests.oracle import violations

pytestmark = pytest.mark.django_db(transaction=True)
DATES = ("--from", "2026-01-01", "--to", "2026-03-31")


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("backfill", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_it_is_started_by_one_command_and_done_by_work(world: World) -> None:
    expected = history(world)
    assert "`backfill orders` shows how far it is" in said("orders", *DATES)
    assert not SyncRecord.objects.exists()
    call_command("work", "--until-idle", "--wait", "5", stdout=StringIO())
    assert violations(expected, world.books.state()) == []
    shown = said("orders")
    assert "done, 100 %" in shown and f"listed              {len(expected)}" in shown


def test_a_dry_run_prints_what_would_come_of_it_and_posts_nothing(world: World) -> None:
    history(world, DAYS[:1])
    world.store.trade(orders=0, seed=2, day="2026-02-02", bad=True)
    shown = said("orders", *DATES, "--dry-run")
    assert "would be posted" in shown and "no_email: Order" in shown and "Nothing was posted" in shown
    assert not Posting.objects.exists() and not SyncRecord.objects.exists()
    assert Backfill.objects.get().state == "previewed"


def test_a_dry_run_is_given_up_when_the_source_does_not_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.intake.backfill.rounds.backoff", lambda failures: 0.0)
    world.fault("store", kind="status", status=503, times=-1)
    with pytest.raises(CommandError, match="given up"):
        said("orders", *DATES, "--dry-run")
    assert Backfill.objects.get().state == "stopped"


def test_it_is_paused_resumed_and_stopped_by_name(world: World) -> None:
    said("orders", *DATES)
    for action, state in {"--pause": "paused", "--resume": "running", "--stop": "stopped"}.items():
        assert f": {state}" in said("orders", action)
    with pytest.raises(CommandError, match="This backfill is stopped"):
        said("orders", "--pause")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("nobody", *DATES), "flow: there is no flow named 'nobody'; there are: orders"),
        (("orders", "--from", "2026-03-31", "--to", "2026-01-01"), "start: The first day, 2026-03-31, is after"),
        (("orders", "--from", "1926-03-31", "--to", "2026-01-01"), "end: .* more than ten years"),
        (("orders", "--from", "1 March", "--to", "2026-01-01"), "'1 March' is no date; write it as 2026-03-31"),
        (("orders", "--from", "2026-01-01"), "--from and --to belong together"),
        (("orders", "--dry-run"), "--dry-run needs --from and --to"),
        (("orders", *DATES, "--pause"), "leave out --from and --to"),
        (("orders",), "orders has no backfill yet"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(arguments: tuple[str, ...], complaint: str) -> None:
    make_flow()
    with pytest.raises(CommandError, match=complaint):
        said(*arguments)
    assert not Backfill.objects.exists()


def test_a_source_that_cannot_list_its_days_is_refused() -> None:
    Flow.objects.filter(pk=make_flow().pk).update(source=Connection.objects.get(name="books"), source_resource="client")
    with pytest.raises(
        CommandError, match=r"flow: books cannot list its clients by date\. Its history comes in by poll"
    ):
        said("orders", *DATES)
