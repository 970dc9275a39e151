"""What the books hold of a posting now; somebody may have deleted it since."""

from __future__ import annotations

from connectors.base import Remote
from connectors.errors import Gone
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.models import Posting


def still_there(posting: Posting, run: Run) -> Remote | None:
    """Read again; None where it is deleted."""
    try:
        with calling(run.flow.target):
            remote: Remote = run.target.resource(posting.resource).read(posting.remote_id)
    except Gone:
        return None
    return None if remote.state == "deleted" else remote


def told(remote: Remote) -> dict[str, str]:
    """As a problem keeps it, for people."""
    return {"id": remote.id, **{str(name): str(value) for name, value in remote.facts.items()}}
