"""A copy of the hub was switched on by mistake: as long as that is suspected, it goes second."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from hub.alerts import end_alert
from hub.engine import epoch
from hub.engine.drain import drain
from hub.models import Alert, Flow, Installation, SyncRecord
from tests.dumps import dump_of_now
from tests.hub.restoring import assert_whole, writes
from tests.hub.world import World


def test_as_long_as_a_second_hub_is_suspected_this_one_goes_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DOUBT_DELAY", 1.0)
    world.work()
    Installation.objects.update(place="elsewhere")
    Flow.objects.update(look_before=None)
    world.place()
    world.poll()
    drain(threads=1)
    assert SyncRecord.objects.get().reason == "others_first"
    assert not writes(world)
    world.work(patience=5)
    assert_whole(world)


def test_once_a_person_has_closed_the_notice_it_waits_no_more(world: World) -> None:
    world.work()
    Installation.objects.update(place="elsewhere")
    world.work()
    end_alert(Alert.Kind.RESTORED, epoch.COPIED, by="ada")
    world.place()
    world.poll()
    drain(threads=1)
    assert SyncRecord.objects.get().state == "posted"


def test_payments_of_an_invoice_that_was_just_found_are_left_to_whoever_made_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other hub is between its invoice and its payment."""
    world.place()
    with dump_of_now(Path(settings.VAR)) as before:
        world.poll()
        world.fault(kind="status", status=503, method="POST", path="/payments/")
        drain(threads=1)
        assert len(world.invoices) == 1 and not world.payments
        before.put_back()
    monkeypatch.setattr(settings, "DOUBT_DELAY", 1.0)
    Flow.objects.update(look_before=None)
    world.poll()
    drain(threads=1)
    record = SyncRecord.objects.get()
    assert (record.reason, len(world.payments)) == ("others_first", 0)
    world.work(patience=5)
    assert_whole(world)
