"""What runs on this machine, read from /proc: who is whose child, and who is really gone."""

from __future__ import annotations

from pathlib import Path


def children(pid: int) -> list[int]:
    """Of this process, oldest first."""
    return sorted(other for other in _all() if _stat(other)[1] == pid)


def alive(pid: int) -> bool:
    """A zombie that nobody reaps is not alive."""
    return _stat(pid)[0] not in ("", "Z", "X")


def family(pid: int) -> list[int]:
    """This process and everything below it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def _all() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _stat(pid: int) -> tuple[str, int]:
    try:
        state, parent, *_ = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "", 0
    return state, int(parent)
