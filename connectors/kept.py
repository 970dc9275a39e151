"""Kept connections under `http.py`: to checked addresses only, within the exchange's time, one adapter for each thread."""

from __future__ import annotations

import os
import socket
import time
from threading import local
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

from connectors.addresses import public_addresses
from connectors.exchange import TimedResponse, current

CONNECT_LIMIT = 10.0
"""Seconds for one address, so that a silent one leaves time for the next."""
IDLE_LIMIT = 15.0
"""Seconds after which a kept connection is not used again. Something on the way may have forgotten it without a word;
a write into it would be in doubt for nothing."""
HOSTS = 1_000
"""To how many at most one thread keeps its connections."""
_adapters = local()


class _Timed(HTTPConnection):
    """Connects to checked addresses only, within the exchange's time, and notes when the request begins to go out."""

    response_class = TimedResponse
    _used_at = 0.0

    @property
    def is_connected(self) -> bool:
        return super().is_connected and time.monotonic() - self._used_at < IDLE_LIMIT

    def _new_conn(self) -> socket.socket:
        addresses = public_addresses(self._dns_host, self.port)
        for address in addresses[:-1]:
            try:
                return self._connected(address)
            except OSError:
                continue
        return self._connected(addresses[-1])

    def _connected(self, address: str) -> socket.socket:
        limit = min(current().left(), CONNECT_LIMIT)
        found = create_connection((address, self.port), limit, socket_options=self.socket_options)
        found.settimeout(current().left())  # for the handshake
        return found

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        call = current()
        call.limit(self.sock)
        call.sent = True
        self._used_at = time.monotonic()
        super().send(data)


class _TimedTls(_Timed, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Timed


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedTls


class _Adapter(HTTPAdapter):
    """Spares each call what is the same for all: which pool belongs to an address, and that there is neither a proxy
    nor a cookie."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        self._pools: dict[tuple[str, str], ConnectionPool] = {}

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> ConnectionPool:
        parts = urlsplit(str(request.url))
        origin = parts.scheme, parts.netloc
        if origin not in self._pools:
            self._pools[origin] = super().get_connection_with_tls_context(request, *args, **kwargs)
        return self._pools[origin]

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        return request.path_url

    def build_response(self, request: requests.PreparedRequest, answer: Any) -> requests.Response:
        response = requests.Response()
        response.status_code, response.headers = answer.status, CaseInsensitiveDict(answer.headers)
        response.request, response.url, response.raw = request, str(request.url), answer
        return response


def adapter() -> _Adapter:
    """One per thread and process, so that connections are kept alive and never shared. It never tries again."""
    if getattr(_adapters, "pid", None) != os.getpid():
        _adapters.adapter, _adapters.pid = _Adapter(HOSTS, max_retries=0), os.getpid()
    found: _Adapter = _adapters.adapter
    return found
