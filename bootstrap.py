"""Makes the environment in .venv, then runs what follows in it: `python3 bootstrap.py [--dev] manage.py demo`.

Needs nothing but some Python 3; finds one that is new enough. Exactly the locked packages are installed, each checked
against its hash, and only when a lock has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
LOCK, DEV_LOCK = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
KNOWN = ("python3.14", "python3.13", "python3.12", "python3.11", "python3", "python")
NEW_ENOUGH = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"


def main(arguments: list[str]) -> None:
    dev = arguments[:1] == ["--dev"]
    prepare([LOCK, DEV_LOCK] if dev else [LOCK])
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of a hub's many processes compiles everything anew
    os.execv(PYTHON, [str(PYTHON), *arguments[dev:]])  # so that signals reach the command itself


def prepare(locks: list[Path]) -> None:
    """Make the environment hold the last of these locks, which includes the others."""
    wanted = [hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks]
    if STAMP.exists() and set(wanted) <= set(STAMP.read_text().split()):
        return
    if not succeeds([str(PYTHON), "-m", "pip", "--version"]):
        print("Making an environment in .venv", flush=True)
        run([new_python(), "-m", "venv", "--clear", str(VENV)])
    print(f"Installing {locks[-1].name}", flush=True)
    install(locks[-1])
    STAMP.write_text("\n".join(wanted))


def install(lock: Path) -> None:
    """With uv, which takes seconds; with pip alone, should uv not be had or not find its way to the packages."""
    pip = [str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    uv = [str(PYTHON), "-m", "uv", "--quiet", "pip", "install", "--python", str(PYTHON)]
    exactly = ["--require-hashes", "--requirement", str(lock)]
    if not (succeeds([*pip, "uv"]) and succeeds([*uv, *exactly])):
        run([*pip, *exactly])


def new_python() -> str:
    for name in (sys.executable, *filter(None, map(shutil.which, KNOWN))):
        if succeeds([name, "-c", NEW_ENOUGH]):
            return name
    sys.exit("Countinghouse needs Python 3.11 or newer, with its venv module (on Debian and Ubuntu: python3-venv).")


def succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def run(command: list[str]) -> None:
    code = subprocess.run(command).returncode
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
