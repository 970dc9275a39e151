"""The tax table, and what passed without standing in it."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from hub.models.flows import Flow
from hub.models.records import SyncRecord

COUNTRY = RegexValidator(r"^[A-Z]{2}$", "Two capital letters, such as FR.")
ANY = Coalesce("rate", Value(Decimal(-1)), output_field=models.DecimalField())
"""For the database every empty rate is another one; here it is the same: any."""


class TaxRow(models.Model):
    """What a source calls a tax → what the books call it. What is empty fits everything; the most specific row wins: one
    for the flow, then one for the country, then one for the rate."""

    name = models.CharField("in the store", max_length=200, help_text="The tax exactly as the store names it")
    rate = models.DecimalField(
        "at the rate",
        max_digits=9,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Only this rate of the store, in percent. Empty: any.",
    )
    country = models.CharField(
        "in the country",
        max_length=2,
        blank=True,
        validators=[COUNTRY],
        help_text="Only orders that go there (or, where nothing is sent, are billed there): two letters. Empty: any.",
    )
    flow = models.ForeignKey(
        Flow,
        verbose_name="for the flow",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="taxes",
        help_text="Only orders of this flow. Empty: any.",
    )
    to = models.CharField("in the books", max_length=100, help_text="What the books call it")
    percent = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="The rate in the books, used where it makes the very cents that the store charged. "
        "Empty: as charged.",
    )

    class Meta:
        verbose_name = "tax"
        verbose_name_plural = "tax table"
        ordering = ["name", "country", "rate"]
        constraints = [
            models.UniqueConstraint(
                "name",
                "country",
                ANY,
                condition=Q(flow__isnull=True),
                name="one_tax_row",
                violation_error_message="The table has a row for this tax, rate and country already.",
            ),
            models.UniqueConstraint(
                "name",
                "country",
                ANY,
                "flow",
                condition=Q(flow__isnull=False),
                name="one_tax_row_of_a_flow",
                violation_error_message="The table has a row for this tax, rate, country and flow already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.to}"


class PassedTax(models.Model):
    """A tax that an order was posted with under the source's own name. Written as the record settles, so that a page can
    add up a month of them without reading one order."""

    record = models.ForeignKey(SyncRecord, on_delete=models.CASCADE, related_name="passed_taxes")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="+", db_index=False)
    date = models.DateField(help_text="Business date")
    name = models.CharField(max_length=200)
    rate = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    country = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3, help_text="The order's own")
    tax = models.DecimalField(max_digits=20, decimal_places=4)
    net = models.DecimalField(max_digits=20, decimal_places=4, help_text="What it was charged on")

    class Meta:
        indexes = [models.Index(fields=["date", "flow"], name="passed_tax_day")]

    def __str__(self) -> str:
        return f"{self.record}: {self.name}"
