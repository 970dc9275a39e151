"""Servers that do not behave: what they do with each connection is written out by the test."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Script = Callable[["Peer"], None]
NOTHING_TO_SAY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Peer:
    """One accepted connection. `requests` holds what came in, over all connections of the server."""

    socket: socket.socket
    requests: list[bytes]

    def request(self) -> bytes:
        """Read one request, its body included; empty when the caller has gone."""
        got = b""
        while b"\r\n\r\n" not in got:
            more = self.socket.recv(65536)
            if not more:
                return b""
            got += more
        head, _, body = got.partition(b"\r\n\r\n")
        size = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        while len(body) < size:
            body += self.socket.recv(65536)
        self.requests.append(head + b"\r\n\r\n" + body)
        return self.requests[-1]

    def say(self, data: bytes) -> None:
        self.socket.sendall(data)

    def drip(self, data: bytes, every: float = 0.05) -> None:
        for byte in data:
            self.say(bytes([byte]))
            time.sleep(every)


@dataclass
class Misbehaving:
    port: int
    accepted: list[socket.socket] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


@contextmanager
def serving(script: Script, *, host: str = "127.0.0.1") -> Iterator[Misbehaving]:
    """Plays `script` with everyone who connects."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:
        server = Misbehaving(listener.getsockname()[1])
        threading.Thread(target=_accept, args=(listener, server, script), daemon=True).start()
        yield server
    for one in server.accepted:
        one.close()


def _accept(listener: socket.socket, server: Misbehaving, script: Script) -> None:
    while True:
        try:
            accepted, _ = listener.accept()
        except OSError:
            return
        server.accepted.append(accepted)
        threading.Thread(target=_play, args=(Peer(accepted, server.requests), script), daemon=True).start()


def _play(peer: Peer, script: Script) -> None:
    with suppress(OSError), contextlib.closing(peer.socket):
        script(peer)


@contextmanager
def deaf() -> Iterator[int]:
    """The port of a server that nobody can connect to any more: its queue is full and it accepts nobody."""
    with socket.socket() as listener, contextlib.ExitStack() as queue:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = queue.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        time.sleep(0.05)
        yield listener.getsockname()[1]


def certificate(folder: Path) -> Path:
    """A self-signed one for 127.0.0.1, key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def over_tls(script: Script, pem: Path) -> Script:
    """The same script, after a handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def play(peer: Peer) -> None:
        with context.wrap_socket(peer.socket, server_side=True) as wrapped:
            script(Peer(wrapped, peer.requests))

    return play
