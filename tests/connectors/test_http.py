"""The one door out: what each failure means, one time limit over everything, and the addresses that are refused."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors import http, kept
from connectors.errors import ConnectorError, OutcomeUnknown, RateLimited, Rejected, RetryLater
from connectors.http import Answer, Http, Query
from tests.connectors.sockets import NOTHING_TO_SAY, Peer, Script, certificate, deaf, over_tls, serving

LIMIT = 0.6
"""Seconds that a call may take here."""
GRACE = 1.5
"""Seconds that a busy machine may need on top."""


def get(url: str, limit: float = LIMIT) -> object:
    return Http(url, time_limit=limit).send("GET", "/things").json()


def post(url: str, limit: float = LIMIT, *, safe: bool = False, body: object = None) -> object:
    return Http(url, time_limit=limit).send("POST", "/things", body=body or {"one": 1}, safe=safe).json()


@contextmanager
def in_time() -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < LIMIT + GRACE


def forever(*_: object) -> None:
    time.sleep(30)


# --- what was certainly not sent, and what may have arrived ---


def test_a_port_where_nobody_listens_has_received_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with pytest.raises(RetryLater) as failed:
        post(url)
    assert failed.value.code == "unreachable"


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b"])
def test_a_name_that_nobody_knows_has_received_nothing(host: str) -> None:
    with pytest.raises(RetryLater) as failed:
        post(f"https://{host}", limit=20)
    assert failed.value.code == "unreachable"


def test_a_certificate_that_we_do_not_trust_stops_the_call_before_anything_is_sent(tmp_path: Path) -> None:
    with serving(over_tls(Peer.request, certificate(tmp_path))) as server:  # type: ignore[arg-type]
        with pytest.raises(RetryLater) as failed:
            post(server.tls_url)
    assert failed.value.code == "tls" and server.requests == []


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pem = certificate(tmp_path)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(pem))
    monkeypatch.setattr(kept, "_adapters", type(kept._adapters)())
    return pem


def test_a_trusted_server_is_called_over_tls(trusted: Path) -> None:
    def answer(peer: Peer) -> None:
        peer.request()
        peer.say(NOTHING_TO_SAY)

    with serving(over_tls(answer, trusted)) as server:
        assert post(server.tls_url) == {}


def test_tls_that_breaks_after_a_write_was_sent_leaves_it_in_doubt(trusted: Path) -> None:
    def garble(peer: Peer) -> None:
        peer.request()
        os.write(peer.socket.fileno(), b"this is no TLS record" * 10)

    with serving(over_tls(garble, trusted)) as server:
        with pytest.raises(OutcomeUnknown):
            post(server.tls_url)
        with pytest.raises(RetryLater):
            post(server.tls_url, safe=True)
        with pytest.raises(RetryLater):
            get(server.tls_url)
    assert len(server.requests) == 3


def test_a_write_whose_answer_is_dropped_is_in_doubt_and_is_sent_once() -> None:
    with serving(Peer.request) as server:  # type: ignore[arg-type]
        with pytest.raises(OutcomeUnknown):
            post(server.url)
    assert len(server.requests) == 1


def test_a_kept_connection_that_closes_upon_a_write_leaves_it_in_doubt_and_is_not_tried_again() -> None:
    def answer_once(peer: Peer) -> None:
        peer.request()
        peer.say(NOTHING_TO_SAY)
        peer.request()

    with serving(answer_once) as server:
        assert post(server.url) == {}
        with pytest.raises(OutcomeUnknown):
            post(server.url)
    assert (len(server.accepted), len(server.requests)) == (1, 2)


def test_a_kept_connection_that_has_closed_before_is_opened_anew() -> None:
    def answer_and_leave(peer: Peer) -> None:
        peer.request()
        peer.say(NOTHING_TO_SAY)

    with serving(answer_and_leave) as server:
        assert post(server.url) == {}
        time.sleep(0.1)
        assert post(server.url) == {}
    assert (len(server.accepted), len(server.requests)) == (2, 2)


@pytest.mark.parametrize(("limit", "opened"), [(15.0, 1), (0.05, 2)])
def test_a_connection_that_was_idle_for_long_is_not_trusted_with_a_write(
    limit: float, opened: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something on the way may have forgotten it without a word."""
    monkeypatch.setattr(kept, "IDLE_LIMIT", limit)

    def answer_again_and_again(peer: Peer) -> None:
        while peer.request():
            peer.say(NOTHING_TO_SAY)

    with serving(answer_again_and_again) as server:
        assert post(server.url) == {}
        time.sleep(0.1)
        assert post(server.url) == {}
    assert (len(server.accepted), len(server.requests)) == (opened, 2)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: headers\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 70_000 + b"\r\n\r\n",
        b"this is not HTTP\r\n\r\n",
    ],
    ids=["short", "bad chunk", "bad gzip", "two lengths", "many headers", "long header", "not http"],
)
def test_an_answer_that_cannot_be_read_leaves_a_write_in_doubt(answer: bytes) -> None:
    def garble(peer: Peer) -> None:
        peer.request()
        peer.say(answer)

    with serving(garble) as server:
        with pytest.raises(OutcomeUnknown):
            post(server.url)
        with pytest.raises(RetryLater):
            get(server.url)


def test_an_answer_without_end_is_refused_but_a_write_is_then_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SIZE_LIMIT", 100_000)

    def flood(peer: Peer) -> None:
        peer.request()
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            peer.say(b" " * 65536)

    with serving(flood) as server:
        with pytest.raises(Rejected) as refused:
            get(server.url, limit=10)
        with pytest.raises(OutcomeUnknown) as unknown:
            post(server.url, limit=10)
    assert refused.value.code == unknown.value.code == "too_large"


# --- one time limit over everything ---


def drip_headers(peer: Peer) -> None:
    peer.request()
    peer.drip(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: very\r\n" * 90)


def drip_body(peer: Peer) -> None:
    peer.request()
    peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    peer.drip(b" " * 1000)


def drip_without_length(peer: Peer) -> None:
    peer.request()
    peer.say(b"HTTP/1.1 200 OK\r\n\r\n{}")
    peer.drip(b" " * 1000)


def drip_chunks(peer: Peer) -> None:
    peer.request()
    peer.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    peer.drip(b"1\r\n \r\n" * 500)


def never_answer(peer: Peer) -> None:
    peer.request()
    forever()


@pytest.mark.parametrize("script", [drip_headers, drip_body, drip_without_length, drip_chunks, never_answer])
def test_the_time_limit_holds_however_slowly_the_answer_comes(script: Script) -> None:
    with serving(script) as server:
        with in_time(), pytest.raises(OutcomeUnknown):
            post(server.url)
        with in_time(), pytest.raises(RetryLater):
            get(server.url)


@pytest.mark.parametrize("script", [drip_headers, drip_body])
def test_the_time_limit_holds_over_tls(trusted: Path, script: Script) -> None:
    with serving(over_tls(script, trusted)) as server:
        with in_time(), pytest.raises(OutcomeUnknown):
            post(server.tls_url)


def test_the_time_limit_holds_on_a_kept_connection() -> None:
    def answer_then_drip(peer: Peer) -> None:
        peer.request()
        peer.say(NOTHING_TO_SAY)
        drip_body(peer)

    with serving(answer_then_drip) as server:
        post(server.url)
        with in_time(), pytest.raises(OutcomeUnknown):
            post(server.url)
    assert len(server.accepted) == 1


def test_a_server_that_does_not_read_cannot_hold_us() -> None:
    with serving(forever) as server:
        with in_time(), pytest.raises(OutcomeUnknown):
            post(server.url, body="x" * 10_000_000)


def test_a_server_that_does_not_accept_has_received_nothing() -> None:
    with deaf() as port, in_time(), pytest.raises(RetryLater) as failed:
        post(f"http://127.0.0.1:{port}")
    assert failed.value.code == "unreachable"


def test_a_handshake_that_never_ends_has_sent_nothing() -> None:
    with serving(forever) as server:
        with in_time(), pytest.raises(RetryLater):
            post(server.tls_url)


def test_a_limit_that_ended_while_the_name_was_looked_up_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def slowly(*args: object, **kwargs: object) -> object:
        time.sleep(LIMIT + 0.1)
        return look_up(*args, **kwargs)  # type: ignore[arg-type]

    with serving(never_answer) as server:
        monkeypatch.setattr(socket, "getaddrinfo", slowly)
        with pytest.raises(RetryLater):
            post(server.url)
    assert server.requests == []


# --- where we do not go ---


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "localhost",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[::127.0.0.1]",
        "[fe80::1]",
        "[fd00::1]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
    ],
)
def test_a_private_address_is_refused_before_it_is_called(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTINGHOUSE_ALLOW_HOSTS", "")
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("it was called"))
    with pytest.raises(Rejected) as refused:
        get(f"https://{host}")
    assert refused.value.code == "address_refused"


def test_a_public_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """One private address among public ones is enough: which of them is called would be up to chance."""
    monkeypatch.setenv("COUNTINGHOUSE_ALLOW_HOSTS", "")
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("it was called"))
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("93.184.215.14", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Rejected, match=r"shop\.example\.com is the private address 10\.0\.0\.7"):
        get("https://shop.example.com")


@pytest.mark.parametrize("url", ["http://example.com", "ftp://example.com", "https://", "//example.com"])
def test_only_https_addresses_are_called(url: str) -> None:
    with pytest.raises(Rejected) as refused:
        Http(url).send("GET", "")
    assert refused.value.code == "address_refused"


def test_a_host_that_is_allowed_by_name_may_be_private(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(peer: Peer) -> None:
        peer.request()
        peer.say(NOTHING_TO_SAY)

    monkeypatch.setenv("COUNTINGHOUSE_ALLOW_HOSTS", "LocalHost, 127.0.0.1")
    with serving(answer) as server:
        assert get(f"http://localhost:{server.port}") == {}


def test_the_next_address_is_tried_where_the_first_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(peer: Peer) -> None:
        peer.request()
        peer.say(NOTHING_TO_SAY)

    with serving(answer) as server:
        found = [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", server.port, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port)),
        ]
        look_up = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *a, **k: found if host == "localhost" else look_up(host, *a, **k)
        )
        assert post(f"http://localhost:{server.port}") == {}


# --- nothing but the call itself ---


@pytest.mark.parametrize(
    ("path", "query", "asked"),
    [
        ("/things/7", None, "/v1/things/7"),
        ("/things/a b/é", None, "/v1/things/a%20b/%C3%A9"),
        ("/things/100%", None, "/v1/things/100%25"),
        ("/things", [("name", "A & B"), ("ids[]", ["1", "2"])], "/v1/things?name=A+%26+B&ids%5B%5D=1&ids%5B%5D=2"),
        ("/things?page=2", {"size": 3}, "/v1/things?page=2&size=3"),
        ("/things", "searchCriteria%5BpageSize%5D=1&to=a%2Fb", "/v1/things?searchCriteria%5BpageSize%5D=1&to=a%2Fb"),
    ],
)
def test_what_is_asked_for_is_written_as_the_web_writes_it(path: str, query: Query | None, asked: str) -> None:
    def answer(peer: Peer) -> None:
        peer.request()
        peer.say(NOTHING_TO_SAY)

    with serving(answer) as server:
        Http(server.url + "/v1").send("GET", path, query=query)
    assert server.requests[0].startswith(f"GET {asked} HTTP/1.1\r\n".encode())


def test_a_login_in_an_address_does_not_replace_our_own() -> None:
    def answer(peer: Peer) -> None:
        peer.request()
        peer.say(NOTHING_TO_SAY)

    with serving(answer) as server:
        Http(server.url.replace("//", "//somebody:secret@")).send("GET", "/", headers={"Authorization": "Bearer ours"})
    assert b"Authorization: Bearer ours\r\n" in server.requests[0]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (r'{"a\u0000b": ["ring\u0000twice"]}', {"a\ufffdb": ["ring\ufffdtwice"]}),
        (r'"half \ud83c a party"', "half \ufffd a party"),
        (r'"a whole \ud83c\udf89"', "a whole \U0001f389"),
        (r'"no \\u0000 at all"', r"no \u0000 at all"),
    ],
)
def test_texts_that_no_database_keeps_are_read_as_texts_that_all_do(said: str, read: Any) -> None:
    assert Answer("GET", "https://shop.example.com", 200, {}, said.encode()).json() == read


def test_a_redirect_is_not_followed() -> None:
    def send_away(peer: Peer) -> None:
        peer.request()
        peer.say(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    with serving(send_away) as server, pytest.raises(Rejected) as refused:
        get(server.url)
    assert refused.value.code == "redirect" and len(server.requests) == 1


def test_nothing_is_taken_from_the_environment_nor_kept_from_the_last_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither proxy nor .netrc; and a cookie of one account would be sent with the calls of the next."""

    def answer(peer: Peer) -> None:
        while peer.request():
            peer.say(NOTHING_TO_SAY.replace(b"\r\n\r\n", b"\r\nSet-Cookie: session=ours\r\n\r\n"))

    (tmp_path / "netrc").write_text("machine 127.0.0.1 login stray password stray")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(answer) as server:
        get(server.url)
        get(server.url)
    assert len(server.requests) == 2
    assert not any(word in request.lower() for request in server.requests for word in (b"authorization", b"cookie"))


@pytest.mark.parametrize("secret", ["s3cret\n", "s3cret\r\nX-More: 1", "s3cret “quoted”"])
def test_a_secret_that_cannot_be_sent_is_refused_without_showing_it(secret: str) -> None:
    with serving(never_answer) as server, pytest.raises(Rejected) as refused:
        Http(server.url).send("POST", "/things", headers={"Authorization": f"Bearer {secret}"})
    assert refused.value.code == "not_sendable" and "s3cret" not in str(refused.value)
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "of_a_read", "of_a_write"),
    [(429, RateLimited, RateLimited), (500, RetryLater, OutcomeUnknown), (503, RetryLater, OutcomeUnknown)],
)
def test_what_a_status_means_depends_on_what_was_asked(
    status: int, of_a_read: type[ConnectorError], of_a_write: type[ConnectorError]
) -> None:
    def answer(peer: Peer) -> None:
        while peer.request():
            peer.say(b"HTTP/1.1 %d Oh\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n" % status)

    with serving(answer) as server:
        for send, expected in ((get, of_a_read), (post, of_a_write)):
            with pytest.raises(expected) as failed:
                send(server.url)  # type: ignore[operator]
            assert not isinstance(failed.value, RateLimited) or failed.value.wait == 7.0


def test_what_comes_right_before_a_call_may_keep_it_from_being_made() -> None:
    """Whoever lost its lease in the meantime makes no call. Other threads are not its affair."""

    def refuse() -> None:
        raise PermissionError("the lease is lost")

    def answer(peer: Peer) -> None:
        peer.request()
        peer.say(NOTHING_TO_SAY)

    with serving(answer) as server, http.before_each_call(refuse):
        with pytest.raises(PermissionError):
            post(server.url)
        assert server.requests == []
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(get, server.url).result() == {}
