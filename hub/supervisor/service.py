"""What we tell systemd, where it started us as a service: that we are up, that we still watch, that we are stopping."""

from __future__ import annotations

import contextlib
import os
import socket


def tell(state: str) -> None:
    """As sd_notify(3) has it; never waits. Elsewhere nobody listens, and nobody need."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.setblocking(False)
        out.connect("\0" + address[1:] if address.startswith("@") else address)
        out.send(state.encode())
