"""One shop's orders behind the one seam, `Http.send`: reads, comments and saves, as the versions differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connectors.errors import OutcomeUnknown
from connectors.http import Answer, Http, NoBudget
from connectors.magento.connector import MagentoConnector
from tests.connectors.vaults import MemoryVault


class OrderDesk(Http):
    """`foreign_status` False: a status other than the current one is refused, as since 2.4.7."""

    def __init__(self, *, foreign_status: bool = True, histories_shown: bool = True) -> None:
        super().__init__("https://shop.example.com/rest/V1")
        self.foreign_status = foreign_status
        self.histories_shown = histories_shown
        self.order: dict[str, Any] = {
            "entity_id": 12,
            "increment_id": "000000015",
            "state": "processing",
            "status": "packing",
            "grand_total": 50,
            "order_currency_code": "EUR",
        }
        self.comments: list[dict[str, Any]] = []
        self.saved: list[dict[str, Any]] = []
        self.reads: list[str] = []
        self.answers_to_lose = 0
        self.lists: dict[str, list[dict[str, Any]]] = {}

    def connector(self, **settings: Any) -> MagentoConnector:
        found = MagentoConnector(
            {"base_url": "https://shop.example.com", **settings}, MemoryVault(access_token="t"), NoBudget()
        )
        found.client.http = self
        return found

    def send(self, method: str, path: str, *, body: Any = None, query: Any = None, **_: Any) -> Answer:
        if method == "GET":
            self.reads.append(path)
            return self._answer(method, path, 200, self._read(path))
        if path == "/orders":
            self.saved.append(body["entity"])
            self.order.update({key: value for key, value in body["entity"].items() if key != "custom_attributes"})
            return self._answer(method, path, 200, {"entity_id": 12, "grand_total": None})
        return self._commented(path, body["statusHistory"])

    def _commented(self, path: str, history: Mapping[str, Any]) -> Answer:
        if history["status"] != self.order["status"] and not self.foreign_status:
            message = 'Unable to add comment: The status "%1" is not part of the order status history.'
            return self._answer("POST", path, 400, {"message": message, "parameters": [history["status"]]})
        self.comments.append(dict(history))
        self.order["status"] = history["status"]
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            raise OutcomeUnknown("lost")
        return self._answer("POST", path, 200, True)

    def _read(self, path: str) -> Any:
        if path == "/orders/12":
            return {**self.order, "status_histories": self.comments if self.histories_shown else []}
        if path == "/orders/12/comments":
            return {"items": self.comments, "total_count": len(self.comments)}
        found = self.lists.get(path, [])
        return found if path.endswith("storeConfigs") else {"items": found, "total_count": len(found)}

    def _answer(self, method: str, path: str, status: int, body: Any) -> Answer:
        return Answer(method, self.base_url + path, status, {}, json.dumps(body).encode())
