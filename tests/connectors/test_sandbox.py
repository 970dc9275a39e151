"""What every simulator stands on: faults over real sockets, webhooks out, switches and the page."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from connectors.sandbox import Call, Fault, Reply, Sandbox


class Till(Sandbox):
    kind = "till"
    label = "Till"
    switches = {"polite": True}

    def __init__(self) -> None:
        super().__init__()
        self.on("POST", "/sales/(?P<name>[^/]+)", self.sell)
        self.on("GET", "/sales", lambda call: Reply(body=self.sales, headers={"X-Query": call.raw_query}))
        self.on("GET", "/bug", lambda call: Reply(body=1 // 0))

    def reset(self) -> None:
        self.sales: list[str] = []

    def sell(self, call: Call) -> Reply:
        self.sales.append(call.params["name"])
        return Reply(body={"sold": call.params["name"], "to": call.get("to"), "json": call.json()})

    def state(self) -> Any:
        return {"sales": self.sales}

    def place(self, wanted: Mapping[str, Any]) -> Any:
        if "name" not in wanted:
            raise ValueError("a sale needs a name")
        self.sales.append(wanted["name"])
        return wanted

    def tables(self) -> Mapping[str, list[Mapping[str, Any]]]:
        return {"Sales": [{"name": name} for name in self.sales], "Returns": []}


@pytest.fixture
def till() -> Iterator[Till]:
    served = Till()
    served.serve()
    yield served
    served.close()


def ask(sandbox: Sandbox, method: str, path: str, body: Any = None, timeout: float = 5) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=timeout)
    try:
        connection.request(method, path, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        content = answer.read()
        is_json = answer.headers["Content-Type"] == "application/json"
        return answer.status, json.loads(content or b"null") if is_json else content.decode()
    finally:
        connection.close()


def sell(sandbox: Sandbox, name: str = "tea", timeout: float = 5) -> int:
    return ask(sandbox, "POST", f"/sales/{name}", {}, timeout)[0]


def test_a_route_gets_the_path_the_query_and_the_body(till: Till) -> None:
    answer = ask(till, "POST", "/sales/green%20tea?to=ada&to=bob", {"price": 1.5})
    assert answer == (200, {"sold": "green tea", "to": "ada", "json": {"price": 1.5}})
    assert ask(till, "GET", "/nothing")[0] == 404
    assert till.log == [("POST", "/sales/green tea", 200), ("GET", "/nothing", 404)]


def test_a_connection_is_kept_for_the_next_call(till: Till) -> None:
    connection = http.client.HTTPConnection(urlsplit(till.url).netloc, timeout=5)
    for _ in range(3):
        connection.request("GET", "/sales")
        assert connection.getresponse().read() == b"[]"
    connection.close()


def test_a_closed_sandbox_answers_nobody_and_can_be_opened_again_at_its_address(till: Till) -> None:
    connection = http.client.HTTPConnection(urlsplit(till.url).netloc, timeout=5)
    connection.request("GET", "/sales")
    connection.getresponse().read()
    till.close()
    with pytest.raises(ConnectionError):
        connection.request("GET", "/sales")
        connection.getresponse()
    connection.close()
    url = till.url
    assert till.serve(port=urlsplit(url).port or 0) == url
    assert sell(till) == 200


def test_a_status_fault_does_nothing(till: Till) -> None:
    till.faults.append(Fault("status", path="/sales", method="POST", status=503, body={"busy": True}, times=2))
    assert ask(till, "GET", "/sales")[0] == 200
    assert [ask(till, "POST", "/sales/tea") for _ in range(2)] == [(503, {"busy": True})] * 2
    assert till.sales == []
    assert sell(till) == 200


def test_a_delayed_answer_comes_as_usual(till: Till) -> None:
    till.faults.append(Fault("delay", seconds=0.2))
    started = time.monotonic()
    assert sell(till) == 200
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize(("kind", "done"), [("hang", []), ("late", ["tea"])])
def test_who_does_not_wait_gets_no_answer(till: Till, kind: str, done: list[str]) -> None:
    till.faults.append(Fault(kind, seconds=0.5))
    with pytest.raises(TimeoutError):
        sell(till, timeout=0.1)
    time.sleep(0.6)
    assert till.sales == done


def test_who_waits_for_a_hanging_call_is_dropped(till: Till) -> None:
    till.faults.append(Fault("hang", seconds=0.1))
    with pytest.raises(http.client.RemoteDisconnected):
        sell(till)
    assert till.sales == []


def test_a_late_answer_is_still_an_answer(till: Till) -> None:
    till.faults.append(Fault("late", seconds=0.1))
    assert sell(till) == 200


def test_a_lost_answer_leaves_the_work_done(till: Till) -> None:
    till.faults.append(Fault("lost", method="POST"))
    with pytest.raises(http.client.RemoteDisconnected):
        sell(till)
    assert till.sales == ["tea"]
    assert till.log == [("POST", "/sales/tea", 0)]


def test_a_belated_call_is_given_up_and_then_done(till: Till) -> None:
    till.faults.append(Fault("belated", seconds=0.3))
    with pytest.raises(http.client.RemoteDisconnected):
        sell(till)
    assert till.sales == []
    time.sleep(1)
    assert till.sales == ["tea"]


def test_a_reset_does_nothing(till: Till) -> None:
    till.faults.append(Fault("reset"))
    with pytest.raises(ConnectionResetError):
        sell(till)
    assert till.sales == []


def test_faults_strike_by_chance_and_for_ever(till: Till) -> None:
    till.faults.append(Fault("status", probability=0.5, times=-1))
    statuses = [sell(till) for _ in range(60)]
    assert 10 < statuses.count(500) < 50
    assert len(till.sales) == statuses.count(200)


def test_faults_are_set_and_cleared_from_outside(till: Till) -> None:
    assert ask(till, "POST", "/_sandbox/faults", {"kind": "status", "status": 418}) == (200, 1)
    assert sell(till) == 418
    ask(till, "POST", "/_sandbox/faults", [{"kind": "status"}, {"kind": "reset"}])
    assert ask(till, "POST", "/_sandbox/faults", []) == (200, 0)
    assert sell(till) == 200
    assert ask(till, "POST", "/_sandbox/faults", {"kind": "flood"})[0] == 400


@pytest.mark.parametrize("kind", ["delay", "late"])
def test_a_part_of_a_second_can_be_asked_for_from_outside(till: Till, kind: str) -> None:
    ask(till, "POST", "/_sandbox/faults", {"kind": kind, "seconds": 0.01})
    assert sell(till) == 200


def test_calls_at_once_are_done_one_after_the_other(till: Till) -> None:
    threads = [threading.Thread(target=sell, args=(till, f"tea-{n}")) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(till.sales) == sorted(f"tea-{n}" for n in range(30))


def test_a_bug_is_told_and_never_looks_like_a_fault(till: Till) -> None:
    status, text = ask(till, "GET", "/bug")
    assert status == 500 and "ZeroDivisionError" in text


def test_the_sandbox_is_worked_from_outside(till: Till) -> None:
    assert ask(till, "POST", "/_sandbox/place", {"name": "tea"}) == (200, {"name": "tea"})
    assert ask(till, "POST", "/_sandbox/place", {}) == (400, {"message": "a sale needs a name"})
    assert ask(till, "GET", "/_sandbox/state") == (200, {"sales": ["tea"]})
    assert ask(till, "POST", "/_sandbox/switches", {"polite": False}) == (200, {"polite": False})
    assert ask(till, "POST", "/_sandbox/switches", {"rude": True})[0] == 400
    assert ask(till, "GET", "/_sandbox/nothing")[0] == 404
    sell(till)
    assert ask(till, "GET", "/_sandbox/log") == (200, [["POST", "/sales/tea", 200]])
    ask(till, "POST", "/_sandbox/reset")
    assert (till.sales, till.log) == ([], [])


def test_the_page_shows_what_is_inside(till: Till) -> None:
    till.place({"name": "<b>tea</b>"})
    status, text = ask(till, "GET", "/_sandbox/")
    assert status == 200
    assert "Till sandbox" in text and "Sales (1)" in text and "&lt;b&gt;tea&lt;/b&gt;" in text
    assert "polite" in text


class Listener:
    """Somebody who takes webhooks."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append((self.headers["X-From"], self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(202)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


def until_heard(listener: Listener, count: int) -> list[bytes]:
    deadline = time.monotonic() + 5
    while len(listener.heard) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    return [body for _, body in listener.heard]


def test_a_webhook_leaves_at_once(listener: Listener) -> None:
    till = Till()
    till.hook = {"url": listener.url}
    till.send_hook(b"one", {"X-From": "till"})
    assert until_heard(listener, 1) == [b"one"]
    assert listener.heard[0][0] == "till"


def test_a_webhook_may_have_its_own_address(listener: Listener) -> None:
    till = Till()
    till.send_hook(b"nowhere", {})
    till.send_hook(b"there", {"X-From": "till"}, url=listener.url)
    assert until_heard(listener, 1) == [b"there"]


def test_webhooks_are_held_doubled_lost_and_shuffled(listener: Listener, till: Till) -> None:
    hook = {"url": listener.url, "hold": True, "duplicate": 0.4, "drop": 0.3, "shuffle": True}
    ask(till, "POST", "/_sandbox/hooks", hook)
    for number in range(40):
        till.send_hook(b"%d" % number, {"X-From": "till"})
    assert listener.heard == []
    _, told = ask(till, "POST", "/_sandbox/deliver")
    heard = until_heard(listener, told["delivered"])
    assert told["queued"] == 40 and told["dropped"] > 0 and told["repeated"] > 0
    assert told["delivered"] == 40 - told["dropped"] + told["repeated"] == len(heard)
    assert heard != sorted(heard, key=int)
    assert len(set(heard)) == 40 - told["dropped"]


def test_a_webhook_nobody_takes_is_not_delivered() -> None:
    till = Till()
    till.hook = {"url": "http://127.0.0.1:9/", "hold": True}
    till.send_hook(b"one", {})
    assert till.deliver() == {"queued": 1, "dropped": 0, "repeated": 0, "delivered": 0}
