"""A person logs in at the vendor, through our own pages, as the browser does."""

from __future__ import annotations

import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from connectors.models import Connection
from connectors.sandbox import Sandbox


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def consent(connection: Connection, sandbox: Sandbox) -> None:
    sandbox.switch["redirect"] = "any"
    client = Client()
    client.force_login(User.objects.get_or_create(username="owner", is_staff=True, is_superuser=True)[0])
    off = client.get(reverse("connect", args=[connection.name, "start"]))
    back = urlsplit(_redirected(off["Location"]))
    answer = {name: values[0] for name, values in parse_qs(back.query).items()}
    client.get(reverse("connect", args=[connection.name, "callback"]), answer)
    connection.refresh_from_db()


def _redirected(url: str) -> str:
    try:
        urllib.request.build_opener(Stay).open(url, timeout=10)
    except urllib.error.HTTPError as moved:
        return moved.headers["Location"]
    raise AssertionError(f"{url} leads nowhere")
