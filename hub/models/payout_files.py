"""Files of payment gateways: what people have said of their columns, their state, and their content on its way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from connectors.models import Connection
from hub.models.rounds import InRounds


class PayoutLayout(models.Model):
    """What people have said about files with these column heads for these books; the next such file needs no question.
    `doubted`: one that was read so was taken back, so that the next one waits for a person.
    """

    books = models.ForeignKey(
        Connection,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Empty: said before it was kept for which books",
    )
    signature = models.CharField(max_length=64, db_index=True, help_text="Digest of the column heads")
    gateway = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    doubted = models.BooleanField(default=False)
    said_by = models.CharField(max_length=150, blank=True)
    said_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["gateway", "id"]
        constraints = [models.UniqueConstraint(fields=["books", "signature"], name="one_layout_per_books_and_heads")]

    def __str__(self) -> str:
        return self.gateway


class PayoutFile(InRounds):
    """asks → running → done, or refused whole; and taken back, with all that came of it, when it was read wrongly.

    `stage` is what its next round does, `reached` the last line of the file, or the last row, that it has done with.
    """

    class State(models.TextChoices):
        ASKS = "asks", "has a question"
        RUNNING = "running", "being taken in"
        DONE = "done", "taken in"
        REFUSED = "refused", "refused"
        TAKEN_BACK = "taken_back", "taken back"

    class Stage(models.TextChoices):
        CHECK = "check", "checking every line"
        TAKE_IN = "take_in", "taking its rows in"
        GROUP = "group", "putting rows and deposits together"
        MATCH = "match", "looking for the orders behind its rows"

    books = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="payout_files")
    name = models.CharField(max_length=200)
    gateway = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, help_text="Of the content; of a file under way, its own")
    size = models.PositiveBigIntegerField(default=0)
    encoding = models.CharField(max_length=20)
    layout = models.JSONField(default=dict, blank=True, help_text="How it is read")
    post_fees = models.BooleanField("post the fees", default=False)
    state = models.CharField(max_length=10, choices=State, default=State.ASKS)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.CHECK)
    reached = models.BigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0, help_text="Rows of the file that count")
    new = models.PositiveIntegerField(default=0, help_text="Of these, rows that no file held before")
    left_out = models.JSONField(default=dict, blank=True, help_text="Rows that do not count, by their status")
    checked = models.JSONField(default=dict, blank=True, help_text="What the lines that are checked have come to")
    problems = models.JSONField(default=list, blank=True, help_text="line, column, value, message, remedy")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.CharField(max_length=150, blank=True)
    taken_back_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["books", "sha256"],
                condition=~Q(state__in=["refused", "taken_back"]),
                name="one_payout_file_of_the_same_content",
            )
        ]
        indexes = [models.Index(fields=["next_at"], name="payout_file_due", condition=Q(state="running"))]
        permissions = [("take_in_payouts", "Can take in payout files, and say what their rows are")]

    def __str__(self) -> str:
        return self.name


class PayoutBlock(models.Model):
    """A part of a file's content, so that any worker on any machine can go on with it. Thrown away when it is done."""

    file = models.ForeignKey(PayoutFile, on_delete=models.CASCADE, related_name="blocks")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_block_of_each_number")]

    def __str__(self) -> str:
        return f"{self.file} {self.number}"
