"""What the database holds, and what it must refuse."""

from hub.models.alerts import Alert
from hub.models.backfills import Backfill
from hub.models.completeness import Completeness
from hub.models.counterparts import Conflict, Counterpart
from hub.models.flows import Flow, FlowVersion
from hub.models.inbox import Cursor, Event, WebhookRequest
from hub.models.installation import Installation
from hub.models.payout_files import PayoutBlock, PayoutFile, PayoutLayout
from hub.models.payouts import Deposit, DepositMatch, DepositRow, DepositSighting
from hub.models.periods import ClosedMonth, LockDateMove
from hub.models.postings import BooksClient, LateArrival, Link, Posting
from hub.models.rates import Rate, RateSource
from hub.models.reconciliation import Discrepancy, PaymentMatch, Reconciliation, Sighting
from hub.models.records import Attempt, StepResult, SyncRecord
from hub.models.taxes import PassedTax, TaxRow

__all__ = [
    "Alert",
    "Attempt",
    "Backfill",
    "BooksClient",
    "ClosedMonth",
    "Completeness",
    "Conflict",
    "Counterpart",
    "Cursor",
    "Deposit",
    "DepositMatch",
    "DepositRow",
    "DepositSighting",
    "Discrepancy",
    "Event",
    "Flow",
    "FlowVersion",
    "Installation",
    "LateArrival",
    "Link",
    "LockDateMove",
    "PassedTax",
    "PaymentMatch",
    "PayoutBlock",
    "PayoutFile",
    "PayoutLayout",
    "Posting",
    "Rate",
    "RateSource",
    "Reconciliation",
    "Sighting",
    "StepResult",
    "SyncRecord",
    "TaxRow",
    "WebhookRequest",
]
