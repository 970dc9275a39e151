"""The posting journal: each effect on an outside system, written down before the call and completed after it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from connectors.models import Connection
from hub.models.records import SyncRecord

SHARED = ("client", "item")
"""Resources that many records have in common: whoever comes first makes them."""


class Posting(models.Model):
    """One document in the books. Unique on (target, resource, natural key): client = lower-cased e-mail, item = SKU,
    invoice = number, payment = invoice number / capture, credit note = its number.

    intended → sent → created → done. `sent` without an answer is in doubt: look before doing it again. `created` means
    that the document exists but its amounts are not proven or it is still a draft. `voided`: it was a draft, and was
    taken back.
    """

    class State(models.TextChoices):
        INTENDED = "intended", "intended"
        SENT = "sent", "sent, no answer yet"
        CREATED = "created", "created, not finished"
        DONE = "done", "done"
        VOIDED = "voided", "taken back"

    target = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="postings")
    resource = models.CharField(max_length=50)
    natural_key = models.CharField(max_length=300)
    record = models.ForeignKey(SyncRecord, null=True, blank=True, on_delete=models.SET_NULL, related_name="postings")
    billed_to = models.GeneratedField(
        expression=Coalesce(KT("document__client_id"), Value(""), output_field=models.TextField()),
        output_field=models.CharField(max_length=100),
        db_persist=True,
        help_text="Of an invoice or credit note: its client's id in the books",
    )
    part = models.CharField(
        max_length=200, blank=True, help_text="Which payment or refund of the record; empty: the record's one document"
    )
    step = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.INTENDED)
    document = models.JSONField(help_text="Exactly what was, or is to be, sent")
    digest = models.CharField(max_length=64)
    worth = models.CharField(max_length=64, blank=True, help_text="Digest of the source's money when it was sent")
    basis = models.JSONField(
        default=dict, blank=True, help_text="Of a first invoice: what the order was worth then, line by source line"
    )
    rate = models.JSONField(
        default=dict, blank=True, help_text="Of an invoice: the rate that its order was converted by, and goes on being"
    )
    edit = models.PositiveSmallIntegerField(
        default=0,
        help_text="Which edit of the order it came of; 0: of the order as it was invoiced first, or of a refund",
    )
    origin = models.JSONField(
        default=dict, blank=True, help_text="What the source says of it and the document does not, such as the method"
    )
    transaction_id = models.GeneratedField(
        expression=KT("origin__transaction"),
        output_field=models.CharField(max_length=200, null=True),
        db_persist=True,
        help_text="The payment provider's id of it, so that a gateway's file is told by it",
    )
    gift_cards = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="What it adds to the gift cards that are outstanding: sold ones count up, redeemed ones down",
    )
    date = models.DateField(null=True, blank=True)
    business_date = models.DateField(
        null=True, blank=True, help_text="The source's own; the document's is later where that day was closed"
    )
    currency = models.CharField(max_length=3, blank=True)
    total = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True, help_text="What we asked for")
    booked = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, blank=True, help_text="What the books answered"
    )
    remote_id = models.CharField(max_length=100, blank=True)
    remote_number = models.CharField(max_length=100, blank=True)
    url = models.URLField(max_length=500, blank=True)
    adopted = models.BooleanField(default=False, help_text="It was there already and is ours")
    note = models.CharField(max_length=300, blank=True, help_text="Such as the rounding line that was needed")
    owner = models.CharField(max_length=36, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveSmallIntegerField(default=0, help_text="How often it was sent")
    looks = models.PositiveSmallIntegerField(default=0, help_text="How often it was looked for while in doubt")
    looked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["target", "resource", "natural_key"], name="one_posting_per_natural_key"),
            models.UniqueConstraint(
                fields=["record", "resource", "part"],
                condition=~Q(resource__in=SHARED),
                name="one_posting_per_part_of_a_record",
            ),
            models.UniqueConstraint(
                fields=["target", "resource", "remote_id"],
                condition=~Q(remote_id="") & ~Q(resource__in=SHARED),
                name="one_posting_per_document_in_the_books",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["created", "done"]) | ~Q(remote_id=""), name="a_posted_document_has_an_id"
            ),
        ]
        indexes = [
            models.Index(fields=["record", "resource"], name="posting_record"),
            models.Index(fields=["target", "resource", "date", "id"], name="posting_day"),
            models.Index(
                fields=["target", "transaction_id"],
                name="posting_transaction",
                condition=Q(transaction_id__isnull=False),
            ),
            models.Index(
                fields=["target", "state", "date", "resource", "currency", "gift_cards"],
                name="posting_gift_cards",
                condition=Q(gift_cards__isnull=False),
            ),
            models.Index(fields=["target", "billed_to", "id"], name="posting_client", condition=~Q(billed_to="")),
            models.Index(fields=["date"], name="posting_late", condition=Q(business_date__lt=F("date"))),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.natural_key}"


class LateArrivals(models.Manager["LateArrival"]):
    def get_queryset(self) -> models.QuerySet[LateArrival]:
        return super().get_queryset().filter(business_date__lt=F("date"))


class LateArrival(Posting):
    """A posting that is dated later than its source says, for a page of its own."""

    objects: ClassVar[LateArrivals] = LateArrivals()

    class Meta:
        proxy = True
        ordering = ["-date", "-id"]
        verbose_name = "late arrival"


class BooksClients(models.Manager["BooksClient"]):
    def get_queryset(self) -> models.QuerySet[BooksClient]:
        return super().get_queryset().filter(resource="client").exclude(remote_id="")


class BooksClient(Posting):
    """A client of the books, as the hub has made or found it, for a page of its own."""

    objects: ClassVar[BooksClients] = BooksClients()

    class Meta:
        proxy = True
        ordering = ["-id"]
        verbose_name = "client"


class Link(models.Model):
    """This source record ↔ that target record. The hub's own memory, which no vendor offers. A link leads towards the
    books, whichever of the two came first."""

    source = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="links_out")
    source_resource = models.CharField(max_length=50)
    source_record = models.CharField(max_length=200)
    target = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="links_in")
    target_resource = models.CharField(max_length=50)
    target_record = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_resource", "source_record", "target", "target_resource"],
                name="one_link_per_source",
            )
        ]
        indexes = [models.Index(fields=["target", "target_resource", "target_record"], name="link_back")]

    def __str__(self) -> str:
        return f"{self.source_resource} {self.source_record} ↔ {self.target_resource} {self.target_record}"
