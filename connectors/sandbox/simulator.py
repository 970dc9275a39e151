"""The base class of every vendor's simulator: routes, faults, webhooks out, and the paths under `/_sandbox/`."""

from __future__ import annotations

import random
import re
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from connectors.sandbox.clock import Clock
from connectors.sandbox.exchange import Call, Dropped, Reply, Route
from connectors.sandbox.faults import Fault
from connectors.sandbox.outbox import Queued, mixed_up
from connectors.sandbox.page import page
from connectors.sandbox.server import Server, listen

CONTROL = "/_sandbox/"
PERSON = (
    "email", "first_name", "last_name", "company", "phone", "vat_number", "street", "city", "postcode", "country"
)  # fmt: skip
"""What all vendors keep of a person; the last four are the billing address."""


class Sandbox:
    """A subclass sets `kind`, `label` and `switches` (name → default), registers routes with `self.on`, and overrides
    `connection_settings`, `state`, `place`, `trade` and `tables`.

    `self.log` holds every vendor call as (method, path, status): tests count calls there.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    placing: ClassVar[str] = "Place a new order"
    """What the page's button says."""
    switches: ClassVar[Mapping[str, Any]] = {}
    cannot: ClassVar[Mapping[str, str]] = {}
    """Of a store: kinds of orders, or scenes, that others have and this vendor does not: name → why, in a sentence."""
    clock: Clock
    """The simulated server's own; also the `Date` header of every answer."""

    def __init__(self, seed: int = 1) -> None:
        self.lock = threading.RLock()
        self.dice = random.Random(seed)
        self.faults: list[Fault] = []
        self.log: list[tuple[str, str, int]] = []
        self.hook: dict[str, Any] = {}
        self.outbox: list[Queued] = []
        self.switch = dict(self.switches)
        self.url = ""
        self._routes: list[tuple[str, re.Pattern[str], Route]] = []
        self._server: Server | None = None
        self.clock = Clock()
        self.reset()

    # --- what a vendor overrides ---

    def connection_settings(self) -> dict[str, str]:
        """The settings, secrets included, with which the hub connects to this sandbox at `self.url`."""
        raise NotImplementedError

    def reset(self) -> None:
        """Forget every record. Called once at the start."""

    def state(self) -> Any:
        """Everything inside, JSON-able: an oracle reads it."""
        raise NotImplementedError

    def place(self, wanted: Mapping[str, Any]) -> Any:
        """Make a record as a customer would; returns it in the vendor's shape. Raises ValueError.

        Every store plays these scenes, each named with an order's number where it is about one: `kind` (with `seed`, and
        with `lines`: name → net amount, or {"net", "tax", "rate"}), `capture`, `capture_some` (one piece), `refund`,
        `cancel`, `revive` (as it was before), and `amend` (the same order changed in place; to `lines`, to somebody
        else's `email`, or as the store likes); `refund_too_much`, `cancel_refund` and `misstate_refund` (the newest; `by`
        so much, a `tax` among it that nothing bears), `void` (its newest payment) and `paid` (it says that this `amount`
        was paid in all). What is in `cannot` is refused.
        """
        raise NotImplementedError

    def id_of(self, placed: Mapping[str, Any]) -> str:
        """Of a store or CRM: the id of what `place` returned, as its notices say it."""
        raise NotImplementedError

    def number_of(self, placed: Mapping[str, Any]) -> str:
        """Its number, as people say it and as the scenes take it."""
        raise NotImplementedError

    def trade(self, *, orders: int, seed: int, day: str, bad: bool = False, linger: float = 0.0) -> Any:
        """A generated day with every kind of order that this vendor knows; returns what was made, in short. `bad` adds
        one that cannot be booked; `linger` is the share of orders whose life goes on at a later day of trade. A day
        without orders only passes."""
        raise NotImplementedError

    def expectations(self) -> list[Mapping[str, Any]]:
        """What the books should say about every order as it is now, in rows like those of `trade`."""
        raise NotImplementedError

    def told(self) -> Mapping[str, list[str]]:
        """Of a store or CRM: by the numbers of its orders, what it was told of each from outside."""
        raise NotImplementedError

    def people(self) -> Mapping[str, Mapping[str, str]]:
        """The store's customers, or the books' clients, by their ids, in the words of `PERSON`. Deleted ones are left
        out."""
        raise NotImplementedError

    def person(self, wanted: Mapping[str, str]) -> str:
        """What somebody does to one of them in the vendor's own screens: without an `id` a new one, with it a change of
        the fields that are given. `{"id": "7", "gone": "yes"}` deletes one. Returns the id. Raises ValueError."""
        raise NotImplementedError

    def tables(self) -> Mapping[str, list[Mapping[str, Any]]]:
        """Title → rows, for the page."""
        return {}

    # --- routes ---

    def on(self, method: str, pattern: str, route: Route) -> None:
        """`pattern` is a regular expression with named groups, matched against the whole decoded path, in order."""
        self._routes.append((method, re.compile(pattern), route))

    def answer(self, call: Call) -> Reply:
        """The vendor's answer without any fault; also usable without a socket."""
        for method, pattern, route in self._routes:
            match = pattern.fullmatch(call.path) if method == call.method else None
            if match:
                with self.lock:
                    return route(replace(call, params=match.groupdict()))
        return self.no_route(call)

    def no_route(self, call: Call) -> Reply:
        return Reply(404, {"message": "Not found"})

    # --- webhooks out ---

    def send_hook(self, body: bytes, headers: Mapping[str, str], *, url: str = "") -> None:
        """Queue one webhook, to the hook's own URL unless another is given; it leaves at once unless the hook is set
        to be held back."""
        target = url or self.hook.get("url")
        if not target:
            return
        with self.lock:
            self.outbox.append((target, body, dict(headers)))
        if not self.hook.get("hold"):
            threading.Thread(target=self.deliver, daemon=True).start()

    def deliver(self) -> dict[str, int]:
        """Send what is queued, duplicated, dropped and shuffled as the hook says."""
        with self.lock:
            queued, self.outbox = self.outbox, []
            batch = mixed_up(queued, self.hook, self.dice)
        return batch.send()

    # --- serving ---

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen in the background; returns the base URL."""
        self._server = listen(self.respond, lambda: self.clock.http_date(), host, port)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        return self.url

    def close(self) -> None:
        if self._server:
            self._server.stop()

    def respond(self, call: Call) -> Reply | Dropped:
        """What a socket gets: the vendor's answer with its faults, or the sandbox's own. A bug is a 500 that shows
        where it is, never a dropped connection that could be taken for a fault."""
        try:
            return self.control(call) if call.path.startswith(CONTROL) else self._struck(call)
        except Exception:
            return Reply(500, traceback.format_exc(), content_type="text/plain")

    def _struck(self, call: Call) -> Reply | Dropped:
        with self.lock:
            fault = next((fault for fault in self.faults if fault.strikes(call, self.dice)), None)
        given = fault.play(call, self.answer) if fault else self.answer(call)
        self.log.append((call.method, call.path, 0 if isinstance(given, Dropped) else given.status))
        return given

    # --- the sandbox's own paths ---

    def control(self, call: Call) -> Reply:
        name = call.path.removeprefix(CONTROL)
        if name == "":
            return Reply(body=self._page(), content_type="text/html; charset=utf-8")
        if name not in _CONTROLS:
            return Reply(404, {"message": f"the sandbox has no {name!r}"})
        try:
            return Reply(body=_CONTROLS[name](self, call.json() if call.body else {}))
        except ValueError as error:
            return Reply(400, {"message": str(error)})

    def _page(self) -> str:
        with self.lock:
            return page(self.label, self.placing, self.tables(), self.switch, self.faults)

    def _show(self, _: Any) -> Any:
        with self.lock:
            return self.state()

    def _forget(self, _: Any) -> Any:
        with self.lock:
            self.reset()
            self.log.clear()
        return {}

    def _turn_switches(self, wanted: Mapping[str, Any]) -> Any:
        unknown = set(wanted) - set(self.switches)
        if unknown:
            raise ValueError(f"no such switch: {', '.join(sorted(unknown))}")
        self.switch.update(wanted)
        return self.switch

    def _set_faults(self, given: Any) -> Any:
        self.faults = [Fault(**one) for one in ([given] if isinstance(given, dict) else given) if one]
        return len(self.faults)

    def _set_hook(self, wanted: Mapping[str, Any]) -> Any:
        self.hook = dict(wanted)
        return self.hook

    def _place(self, wanted: Mapping[str, Any]) -> Any:
        with self.lock:
            return self.place(wanted)

    def _person(self, wanted: Mapping[str, str]) -> Any:
        with self.lock:
            return self.person(wanted)

    def _trade(self, wanted: Mapping[str, Any]) -> Any:
        with self.lock:
            return self.trade(**wanted)


_CONTROLS: Mapping[str, Callable[[Sandbox, Any], Any]] = {
    "state": Sandbox._show,
    "log": lambda sandbox, _: sandbox.log,
    "reset": Sandbox._forget,
    "switches": Sandbox._turn_switches,
    "faults": Sandbox._set_faults,
    "hooks": Sandbox._set_hook,
    "deliver": lambda sandbox, _: sandbox.deliver(),
    "place": Sandbox._place,
    "trade": Sandbox._trade,
    "person": Sandbox._person,
    "people": lambda sandbox, _: sandbox.people(),
}
