"""What the database holds, and what it must refuse."""

from hub.models.alerts import Alert
from hub.models.backfills import Backfill
from hub.models.completeness import Completeness
from hub.models.flows import Flow, FlowVersion
from hub.models.inbox import Cursor, Event, WebhookRequest
from hub.models.installation import Installation
from hub.models.postings import Link, Posting
from hub.models.reconciliation import Discrepancy, PaymentMatch, Reconciliation, Sighting
from hub.models.records import Attempt, StepResult, SyncRecord

__all__ = [
    "Alert",
    "Attempt",
    "Backfill",
    "Completeness",
    "Cursor",
    "Discrepancy",
    "Event",
    "Flow",
    "FlowVersion",
    "Installation",
    "Link",
    "PaymentMatch",
    "Posting",
    "Reconciliation",
    "Sighting",
    "StepResult",
    "SyncRecord",
    "WebhookRequest",
]
