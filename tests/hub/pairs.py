"""Two sides in memory whose people are kept alike, and what a test asks of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.models import Connection
from hub.engine.claim import claim
from hub.engine.crew import work_on
from hub.intake.polling import poll
from hub.models import Flow, Link, SyncRecord
from tests.hub.dying import time_passes
from tests.hub.twins import BEGIN, SIDES, Side


@dataclass
class Pairs:
    there: Flow
    back: Flow

    @property
    def store(self) -> Side:
        return SIDES["kiosk"]

    @property
    def books(self) -> Side:
        return SIDES["ledger"]

    def customer(self, id: str, **values: Any) -> None:
        self.store.edit(id, **{**({} if id in self.store.rows else BEGIN), **values})

    def sync(self, times: int = 2) -> None:
        for _ in range(times):
            for end in (self.there.source, self.back.source):
                poll(Connection.objects.get(pk=end.pk))
            time_passes()
            self.work()

    def work(self) -> None:
        while claims := claim(100):
            for one in claims:
                work_on(one)
            time_passes()

    def client_of(self, customer: str) -> str:
        return Link.objects.get(source_record=customer).target_record

    def there_record(self, customer: str) -> SyncRecord:
        return SyncRecord.objects.get(flow=self.there, source_id=customer)

    def back_record(self, client: str) -> SyncRecord:
        return SyncRecord.objects.get(flow=self.back, source_id=client)

    def writes(self) -> int:
        return sum(sum(side.writes.values()) for side in SIDES.values())

    def switch(self, flow: Flow, *, on: bool) -> None:
        Flow.objects.filter(pk=flow.pk).update(enabled=on)
