"""What the demo's bookkeeper does with the bad order: reads why it is held, and mends it with the form's function."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser

from hub.engine import decisions
from hub.models import SyncRecord

EMAIL = "accounts@example.com"


def lacking_email() -> list[SyncRecord]:
    return list(SyncRecord.objects.filter(state=SyncRecord.State.HELD, reason="no_email").select_related("flow"))


def mend(record: SyncRecord, by: AbstractBaseUser) -> str:
    """Returns what was done, in words."""
    decisions.fix(record, {"email": EMAIL}, by=by)
    worth = f"{record.total:.2f} {record.currency}"
    return f"Held for a person, {worth}: {record.message.rstrip('.')}. Entered {EMAIL} and replayed it."
