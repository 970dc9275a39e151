"""What the database holds, and what it must refuse."""

from hub.models.flows import Flow, FlowVersion
from hub.models.inbox import Cursor, Event, WebhookRequest
from hub.models.postings import Link, Posting
from hub.models.records import Attempt, StepResult, SyncRecord

__all__ = [
    "Attempt",
    "Cursor",
    "Event",
    "Flow",
    "FlowVersion",
    "Link",
    "Posting",
    "StepResult",
    "SyncRecord",
    "WebhookRequest",
]
