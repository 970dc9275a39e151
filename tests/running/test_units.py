"""The systemd units and the container files: they say what is there, and the services keep what the units count on."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from hub.supervisor.child import ROOT, Child
from hub.supervisor.household import free_port
from tests.running.cluster import all_gone, cluster_of
from tests.running.installation import Installation, until
from tests.running.processes import family

DEPLOY, HOME, BIN = ROOT / "deploy", "/opt/countinghouse", Path(sys.executable).parent
UNITS = sorted(DEPLOY.glob("*.service"))
READ = re.compile(r"""(?:env\.\w+\(|environ\.get\(|environ\[)"([A-Z_]+)\"""")
NOT_FOR_OPERATORS = {"DEBUG", "NOTIFY_SOCKET"}
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def unit(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read(DEPLOY / f"countinghouse-{name}.service")
    return parser["Service"]


def command(name: str) -> list[str]:
    """What the unit starts, from the environment in which we run."""
    return unit(name)["ExecStart"].replace(f"{HOME}/.venv/bin", str(BIN)).split()


# --- what is written ---


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_understands_the_unit(path: Path, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    for one in UNITS:
        text = one.read_text().replace(f"{HOME}/.venv/bin", str(BIN)).replace(HOME, str(ROOT))
        (tmp_path / one.name).write_text(text)
    said = subprocess.run(["systemd-analyze", "verify", tmp_path / path.name], capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("name", ["migrate", "web", "worker"])
def test_what_is_started_is_what_bootstrap_installs(name: str) -> None:
    program = command(name)[0]
    assert program.startswith(str(BIN)) and os.access(program, os.X_OK)


def test_every_setting_is_in_the_example() -> None:
    code = [path.read_text() for folder in ("hub", "connectors") for path in (ROOT / folder).rglob("*.py")]
    read = {name for text in code for name in READ.findall(text)} - NOT_FOR_OPERATORS
    told = set(re.findall(r"^#? ?([A-Z_]+)=", (DEPLOY / "environment.example").read_text(), re.MULTILINE))
    assert (sorted(read - told), sorted(told - read)) == ([], [])


def test_containers_run_and_stop_as_the_units_do() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    image = (DEPLOY / "Containerfile").read_text()
    web = [word.strip(' "') for word in re.findall(r"^CMD \[(.+)\]", image, re.MULTILINE)[0].split(",")]
    started = {"web": web, **{name: services[name]["command"] for name in ("migrate", "worker")}}
    for name, words in started.items():
        ours = unit(name)["ExecStart"].removeprefix(f"{HOME}/.venv/bin/").replace("127.0.0.1:8000", "0.0.0.0:8000")
        assert " ".join(words) == ours
    for name in ("web", "worker"):
        assert services[name]["stop_grace_period"] == unit(name)["TimeoutStopSec"] + "s"
        assert services[name]["healthcheck"]["test"][:4] == ["CMD", "python", "-m", "hub.healthcheck"]


# --- what runs ---


class Systemd:
    """Starts what a unit says, listens to what it tells, and stops it as KillMode=mixed does: its main process first,
    and what is left after that or after its time."""

    def __init__(self, socket_path: Path) -> None:
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(str(socket_path))
        self.ear.settimeout(20)
        self.told: set[str] = set()

    def start(self, words: list[str], installation: Installation) -> Child:
        child = Child(words, env={**installation.env, "NOTIFY_SOCKET": self.ear.getsockname()})
        installation.children.append(child)
        self.hear("READY=1")
        return child

    def hear(self, wanted: str) -> None:
        self.told.discard(wanted)
        while wanted not in self.told:
            self.told.update(self.ear.recv(4096).decode().split())

    def stop(self, child: Child, timeout: str) -> None:
        """Asserts that nothing was left to kill."""
        everybody = family(child.pid)
        os.kill(child.pid, signal.SIGTERM)
        self.hear("STOPPING=1")
        until(lambda: not child.running, float(timeout), "the stop")
        assert child.stop(0) == 0
        assert all_gone(everybody)()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    made = Systemd(tmp_path / "notify")
    yield made
    made.ear.close()


@linux
@pytest.mark.chaos
def test_the_worker_is_a_good_service(systemd: Systemd, installation: Installation) -> None:
    child = systemd.start(command("worker"), installation)
    systemd.hear("WATCHDOG=1")
    cluster = cluster_of(child)
    assert healthy("worker")
    systemd.stop(child, unit("worker")["TimeoutStopSec"])
    assert all_gone(cluster.everybody)()


@linux
@pytest.mark.chaos
def test_the_web_server_is_a_good_service(systemd: Systemd, installation: Installation) -> None:
    port = free_port(0)
    words = [word.replace(":8000", f":{port}") for word in command("web")]
    child = systemd.start(words, installation)
    until(lambda: healthy("web", str(port)), 30, "an answer")
    with socket.create_connection(("127.0.0.1", port)) as caller:
        caller.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        until(lambda: len(family(child.pid)) > 1, 30, "its workers")
        time.sleep(0.3)
        os.kill(child.pid, signal.SIGTERM)
        time.sleep(0.5)
        caller.sendall(b"\r\n")
        assert caller.recv(4096).startswith(b"HTTP/1.1 200")
    until(lambda: not child.running, float(unit("web")["TimeoutStopSec"]), "the stop")
    assert child.stop(0) == 0
    assert not healthy("web", str(port))


def healthy(*arguments: str) -> bool:
    return subprocess.run([sys.executable, "-m", "hub.healthcheck", *arguments], cwd=ROOT).returncode == 0
