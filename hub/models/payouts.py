"""Deposits of payment gateways: the rows of their files, and the documents of ours that these are about."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from connectors.models import Connection
from hub.models.payout_files import PayoutFile
from hub.models.postings import Posting
from hub.models.records import SyncRecord


class Deposit(models.Model):
    """What a gateway paid out at once in one currency; or, with an empty `payout`, what it has not paid out yet.

    The sums are those of its rows: orders − refunds − fees + chargebacks + adjustments. `stated` is what the gateway says
    that it paid; None where its files do not tell. `explained` is what of the rows has its document in the books, is a
    fee, or was explained by a person.
    """

    class Fees(models.TextChoices):
        OFF = "off", "not posted"
        DUE = "due", "on their way"
        POSTED = "posted", "posted"
        STUCK = "stuck", "need a person"

    books = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="deposits")
    gateway = models.CharField(max_length=60)
    payout = models.CharField(max_length=150, blank=True)
    currency = models.CharField(max_length=3)
    date = models.DateField(help_text="When it was paid; else the last day of its rows")
    rows = models.PositiveIntegerField(default=0)
    orders = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    refunds = models.DecimalField(max_digits=20, decimal_places=4, default=0, help_text="Positive: given back")
    fees = models.DecimalField(max_digits=20, decimal_places=4, default=0, help_text="Positive: kept by the gateway")
    chargebacks = models.DecimalField(max_digits=20, decimal_places=4, default=0, help_text="Negative: taken back")
    adjustments = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    stated = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    explained = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    unexplained_rows = models.PositiveIntegerField(default=0)
    post_fees = models.BooleanField(default=False)
    fees_state = models.CharField(max_length=10, choices=Fees, default=Fees.OFF)
    fees_problem = models.TextField(blank=True)
    in_books = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        default=0,
        help_text="What of the fees the books hold as expenses, as they were read last",
    )
    expense = models.ForeignKey(Posting, null=True, blank=True, on_delete=models.SET_NULL, related_name="fees_of")
    failures = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the documents behind its open rows were looked for by themselves"
    )

    class Meta:
        ordering = ["-date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["books", "gateway", "payout", "currency"], name="one_deposit_per_payout")
        ]
        indexes = [
            models.Index(fields=["books", "date", "id"], name="deposit_day"),
            models.Index(fields=["next_at"], name="deposit_fees_due", condition=Q(fees_state="due")),
            models.Index(fields=["books", "gateway", "currency", "date"], name="deposit_of_gateway"),
            models.Index(
                fields=["books", "gateway"],
                name="deposit_fees_wait",
                condition=Q(post_fees=True, fees__gt=F("in_books")),
            ),
            models.Index(fields=["date"], name="deposit_open", condition=Q(unexplained_rows__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.payout or 'not paid out yet'} {self.currency}"

    @property
    def amount(self) -> Decimal:
        """What was paid, or is to be."""
        rows = self.orders - self.refunds - self.fees + self.chargebacks + self.adjustments
        return rows if self.stated is None else self.stated

    @property
    def unexplained(self) -> Decimal:
        return self.amount - self.explained


class DepositRow(models.Model):
    """One row of a gateway's file, once, in however many files it stands. `gross` and `net` are signed by what they do to
    the balance, `fee` is positive where the gateway keeps it: gross − fee = net. `explained` is what of `gross` is known.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", "charge"
        REFUND = "refund", "refund"
        FEE = "fee", "fee"
        CHARGEBACK = "chargeback", "chargeback"
        ADJUSTMENT = "adjustment", "adjustment"
        PAYOUT = "payout", "payout"

    books = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    gateway = models.CharField(max_length=60)
    identity = models.CharField(max_length=64)
    file = models.ForeignKey(PayoutFile, on_delete=models.CASCADE, related_name="deposit_rows")
    line = models.PositiveIntegerField()
    deposit = models.ForeignKey(Deposit, null=True, blank=True, on_delete=models.CASCADE, related_name="deposit_rows")
    kind = models.CharField(max_length=10, choices=Kind)
    word = models.CharField(max_length=60, blank=True, help_text="What the gateway calls it")
    references = models.JSONField(default=list, help_text="Ids that the store may know the payment by")
    order = models.CharField(max_length=100, blank=True)
    who = models.CharField(max_length=200, blank=True)
    description = models.CharField(max_length=300, blank=True)
    moment = models.CharField(max_length=19, help_text="As the gateway wrote it: 2026-03-05T14:03:22")
    date = models.DateField()
    currency = models.CharField(max_length=3)
    gross = models.DecimalField(max_digits=20, decimal_places=4)
    fee = models.DecimalField(max_digits=20, decimal_places=4)
    net = models.DecimalField(max_digits=20, decimal_places=4)
    shown = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, blank=True, help_text="What the customer paid, in another currency"
    )
    shown_currency = models.CharField(max_length=3, blank=True)
    payout = models.CharField(max_length=150, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    explained = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    record = models.ForeignKey(SyncRecord, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=300, blank=True, help_text="Why a person says that it is explained")
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["books", "gateway", "identity"], name="one_row_per_identity"),
        ]
        indexes = [
            models.Index(fields=["deposit", "kind", "id"], name="deposit_row_kind"),
            models.Index(fields=["file", "id"], name="deposit_row_file"),
            models.Index(
                fields=["books", "gateway", "currency", "moment"],
                name="deposit_row_loose",
                condition=Q(payout=""),
            ),
            models.Index(fields=["books", "gateway", "moment"], name="deposit_row_payout", condition=Q(kind="payout")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.references[0] if self.references else self.line}"


class DepositSighting(models.Model):
    """Another file that holds a row, too: when the row's own file is taken back, the row stays with this one."""

    row = models.ForeignKey(DepositRow, on_delete=models.CASCADE, related_name="sightings")
    file = models.ForeignKey(PayoutFile, on_delete=models.CASCADE, related_name="sightings")
    line = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["row", "file"], name="one_sighting_per_row_and_file")]

    def __str__(self) -> str:
        return f"{self.file} {self.line}"


class DepositMatch(models.Model):
    """A document of ours that a row of a deposit is, or may be, about; and how much of the row it explains."""

    class How(models.TextChoices):
        TRANSACTION = "transaction", "the same transaction"
        ORDER = "order", "the same order"
        LIKENESS = "likeness", "amount, date and customer"

    row = models.ForeignKey(DepositRow, on_delete=models.CASCADE, related_name="matches")
    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="deposit_matches")
    amount = models.DecimalField(max_digits=20, decimal_places=4, help_text="Of the posting, in its own currency")
    how = models.CharField(max_length=12, choices=How)
    confidence = models.PositiveSmallIntegerField(help_text="0 to 100")
    reasons = models.JSONField(default=list)
    accepted = models.BooleanField(help_text="By itself, or by a person")
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "deposit matches"
        constraints = [models.UniqueConstraint(fields=["row", "posting"], name="one_match_per_row_and_posting")]

    def __str__(self) -> str:
        return f"{self.posting}: {self.confidence} %"
