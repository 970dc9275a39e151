"""The rate table, and the addresses that fill it every day."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

CURRENCY = RegexValidator(r"^[A-Z]{3}$", "Three capital letters, such as USD.")


class Rate(models.Model):
    """What one unit of a currency cost in another on one day."""

    date = models.DateField()
    base = models.CharField("from", max_length=3, validators=[CURRENCY], help_text="One unit of this currency …")
    currency = models.CharField("to", max_length=3, validators=[CURRENCY], help_text="… costs this much of that one.")
    rate = models.DecimalField(
        max_digits=24, decimal_places=12, validators=[MinValueValidator(Decimal("0.000000000001"))]
    )
    source = models.CharField(max_length=100, help_text="Who says so; printed on the document")

    class Meta:
        verbose_name = "exchange rate"
        ordering = ["-date", "base", "currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["base", "currency", "date"],
                name="one_rate_per_day",
                violation_error_message="There is a rate from this currency to that one on this day already.",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="a_rate_is_positive"),
            models.CheckConstraint(
                condition=~Q(base=F("currency")),
                name="a_rate_has_two_currencies",
                violation_error_message="A rate leads from one currency to another.",
            ),
        ]
        indexes = [models.Index(fields=["currency", "date"], name="rate_into")]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate.normalize():f} {self.currency} on {self.date}"


class RateSource(models.Model):
    """An address that tells the day's rates. `next_at` is when it is asked next: whoever asks moves it first, so that
    nobody else does."""

    name = models.CharField(max_length=100, unique=True, help_text="Printed on documents as the source of the rate")
    url = models.URLField(
        "address",
        max_length=500,
        help_text="Public and https, such as https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml. CSV "
        "(date, from, to, rate) and JSON are read, too.",
    )
    enabled = models.BooleanField(default=True, help_text="Asked once a day")
    next_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_ok_at = models.DateTimeField("last told", null=True, blank=True, editable=False)
    last_day = models.DateField("newest rates of", null=True, blank=True, editable=False)
    problem = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = "rate source"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
