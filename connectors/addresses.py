"""Where calls may go: public https addresses only; COUNTINGHOUSE_ALLOW_HOSTS opens others by name."""

from __future__ import annotations

import ipaddress
import os
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from urllib.parse import urlsplit

from connectors.errors import Rejected

CARRIERS = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
"""IPv6 networks whose last 32 bits are the IPv4 address that is really meant: NAT64, and the old compatible form."""


def refuse_unless_https(url: str) -> None:
    """Raises Rejected where this is no https address and its host is not allowed by name."""
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.hostname in allowed_hosts():
        return
    if parts.scheme != "https" or not parts.hostname:
        raise Rejected(f"{url} is not a public https address; {_remedy('its host')}", code="address_refused")


def public_addresses(host: str, port: int) -> list[str]:
    """What the name stands for now, as numbers, so that what was checked is what is connected to.

    Raises Rejected if any of them leads inside, and OSError where nobody knows the name.
    """
    found = list(dict.fromkeys(str(entry[4][0]) for entry in _looked_up(host, port)))
    inside = [address for address in found if not is_public(address)]
    if inside and host not in allowed_hosts():
        raise Rejected(f"{host} is the private address {inside[0]}; {_remedy('it')}", code="address_refused")
    return found


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    meant = _carried(ip) if isinstance(ip, IPv6Address) else None
    if meant is not None:
        return is_public(str(meant))
    return ip.is_global and not ip.is_multicast


def allowed_hosts() -> frozenset[str]:
    named = os.environ.get("COUNTINGHOUSE_ALLOW_HOSTS", "").lower().replace(" ", "")
    return frozenset(filter(None, named.split(",")))


def _carried(ip: IPv6Address) -> IPv4Address | None:
    if any(ip in network for network in CARRIERS):
        return IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour


def _looked_up(host: str, port: int) -> list[tuple[object, object, int, str, tuple[object, ...]]]:
    try:
        return [*socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError as error:  # an empty label, or one that is too long
        raise OSError(f"{host} is not a host name") from error


def _remedy(what: str) -> str:
    return f"name {what} in COUNTINGHOUSE_ALLOW_HOSTS to allow it"
