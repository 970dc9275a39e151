"""The calls we make to one site: a record, a page of a list, a change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from connectors.base import Connector
from connectors.clarity import login
from connectors.clarity.addressing import Values, address, asked
from connectors.clarity.endpoints import Endpoint
from connectors.clarity.reading import at, plain, rows
from connectors.clarity.refusals import accepted
from connectors.clarity.site import Site
from connectors.documents import Raw
from connectors.errors import Rejected
from connectors.http import Answer, unreadable


@dataclass(frozen=True)
class Page:
    """`following` is where the next one is, by what the answer itself says; `server_now` the site's clock."""

    items: list[Raw]
    matching: int | None
    following: str
    server_now: dt.datetime


class Client:
    def __init__(self, connector: Connector, site: Site) -> None:
        self.connector = connector
        self.site = site
        self.http = connector.http(str(connector.settings["base_url"]))

    def record(self, name: str, id: str = "") -> Raw:
        """One record. Raises Gone; anything else than an object is no answer to keep."""
        endpoint = self.endpoint(name)
        body, answer = self._called(endpoint, asked(id=id))
        if not isinstance(body, Mapping):
            raise unreadable(answer)
        return bare(body, endpoint)

    def page(self, endpoint: Endpoint, values: Values, *, following: str = "") -> Page:
        """`following` is an address that an earlier page has named."""
        if following:
            self._require_same_host(following)
        body, answer = self._called(endpoint, values, whole=following)
        return Page(
            items=_items(body, endpoint, answer),
            matching=_matching(body, endpoint),
            following=_following(body, endpoint, answer),
            server_now=_server_clock(answer, self.connector.now()),
        )

    def change(self, name: str, id: str = "", body: Mapping[str, Any] | None = None) -> Raw:
        """Safe to repeat: every change names what is to stand there in the end, and a webhook that was made twice is
        deleted once. Returns the record, where the site answers with one."""
        endpoint = self.endpoint(name)
        answered, _ = self._called(endpoint, asked(id=id), body=body)
        return bare(answered, endpoint) if isinstance(answered, Mapping) else {}

    def endpoint(self, name: str) -> Endpoint:
        found = self.site.offers(name)
        if found is None:
            raise Rejected(f"{name} is switched off in the connection's addresses", code="no_such_call")
        return found

    def _called(self, endpoint: Endpoint, values: Values, *, whole: str = "", body: Any = None) -> tuple[Any, Answer]:
        path, query = (whole, "") if whole else address(endpoint, values)
        headers, token = login.headers(self.connector)
        answer = self._sent(endpoint, path, query, headers, body)
        if answer.status == 401 and token:  # revoked before its time: renewed once, and tried once more
            headers, _ = login.headers(self.connector, refused=token)
            answer = self._sent(endpoint, path, query, headers, body)
        return accepted(answer, self.site.shape, endpoint.name), answer

    def _sent(self, endpoint: Endpoint, path: str, query: str, headers: Mapping[str, str], body: Any) -> Answer:
        every = {**self.site.headers, **endpoint.headers, **headers}
        return self.http.send(endpoint.method, path, query=query, body=body, headers=every, safe=True)

    def _require_same_host(self, following: str) -> None:
        """Our token goes to nobody else."""
        if "://" in following and urlsplit(following).netloc != urlsplit(self.http.base_url).netloc:
            raise Rejected(
                f"the next page of a list is said to be at {urlsplit(following).netloc}", code="foreign_page"
            )


def bare(body: Mapping[str, Any], endpoint: Endpoint) -> Raw:
    """The record itself, where an envelope is around it."""
    inner = at(body, endpoint.items_path)
    return dict(inner if isinstance(inner, Mapping) else body)


def _items(body: Any, endpoint: Endpoint, answer: Answer) -> list[Raw]:
    """A list may also come without any envelope. An envelope that is empty, null omitted, holds none."""
    found = body if isinstance(body, list) else at(body, endpoint.items_path)
    if isinstance(found, list):
        return [row for row in found if isinstance(row, dict)]
    if not isinstance(body, Mapping):
        raise unreadable(answer)
    lists = [*_lists(body)]
    if found is not None or lists:
        told = ", ".join(body)
        remedy = f'Say under “Addresses”: {{"{endpoint.name}": {{"items_path": "$.{(lists or ["…"])[0]}"}}}}'
        raise Rejected(
            f"{endpoint.name} answered with no list at {endpoint.items_path}, but with {told}. {remedy}",
            code="no_list",
            field=f"paths.{endpoint.name}.items_path",
            value=endpoint.items_path,
        )
    return []


def _lists(body: Mapping[str, Any]) -> Iterator[str]:
    """The paths to what may be meant: all lists, and those with rows in an envelope within the envelope."""
    for name, value in body.items():
        if isinstance(value, list) and plain(name) != "errors":
            yield name
        elif isinstance(value, Mapping):
            yield from (f"{name}.{inner}" for inner, one in value.items() if rows(one))


def _matching(body: Any, endpoint: Endpoint) -> int | None:
    told = next((str(value) for path in endpoint.total_path if (value := at(body, path)) is not None), "")
    return int(told) if told.isdecimal() else None


def _following(body: Any, endpoint: Endpoint, answer: Answer) -> str:
    if endpoint.page_style == "link_header":
        return _linked(answer.headers.get("Link", ""))
    if endpoint.page_style != "cursor":
        return ""
    return next((str(value) for path in endpoint.next_path if (value := at(body, path)) not in (None, "", False)), "")


def _linked(header: str) -> str:
    """Of `<https://…?page=2>; rel="next", <…>; rel="last"` the next one."""
    for one in header.split(","):
        target, _, parameters = one.partition(";")
        if 'rel="next"' in parameters or "rel=next" in parameters:
            return target.strip().strip("<>")
    return ""


def _server_clock(answer: Answer, ours: dt.datetime) -> dt.datetime:
    """The site's own clock: its stamps are written by it, not by ours."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(dt.UTC)
    except ValueError:
        return ours
