"""What the source says of a document and the document cannot say is written down with its intent."""

from __future__ import annotations

from decimal import Decimal

from hub.engine import decisions
from hub.models import Posting, SyncRecord
from tests.hub.world import World


def test_it_is_kept_with_every_posting(world: World) -> None:
    world.place(kind="gift_card_sale", seed=1)
    world.place(kind="refunded_too_much", seed=3)
    world.sync()
    payments = Posting.objects.filter(resource="payment")
    assert payments and all(one.origin["method"] for one in payments)
    capped = [
        one for one in Posting.objects.filter(resource="credit_note") if one.total != Decimal(one.origin["refunded"])
    ]
    assert len(capped) == 1
    assert Posting.objects.get(gift_cards__isnull=False).resource == "invoice"


def test_it_follows_an_order_that_changed_before_its_documents_were_made(world: World) -> None:
    world.place(kind="gift_card", seed=1)
    world.poll()
    world.fault(kind="status", status=422, method="POST", path="payments", times=-1)
    world.work(patience=0)
    waiting = Posting.objects.filter(resource="payment").exclude(state="done")
    assert waiting.exists()
    waiting.update(origin={}, gift_cards=Decimal("99"))
    world.books.faults = []
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert world.record().state == "posted"
    assert all(one.origin["method"] for one in Posting.objects.filter(resource="payment"))
    [redeemed] = Posting.objects.filter(gift_cards__isnull=False)
    assert redeemed.gift_cards == -redeemed.total
