"""What a person says about a gateway's file: which books it is for, and how it is read where that is not clear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from unfold.widgets import UnfoldAdminFileFieldWidget

from connectors.models import Connection
from hub.admin.dress import dress
from hub.books.payouts import days
from hub.books.payouts.arriving import answer, receive, recognised, remembered
from hub.books.payouts.columns import FIELDS, plain
from hub.books.payouts.faults import Unreadable
from hub.books.payouts.fees import can_be_posted
from hub.books.payouts.gateways import UNKNOWN
from hub.books.payouts.kinds import LABELS
from hub.books.payouts.layout import GROUPINGS, Answers
from hub.books.payouts.recognising import Recognised
from hub.models import PayoutFile

MARKS = {".": "1,234.50", ",": "1.234,50"}
SETTINGS = ("gateway", "mark", "dates", "currency", "grouping")
WORD, COLUMN = "words:", "column:"
FEES = "Post the fees of each deposit as one expense"


class UploadForm(forms.Form):
    books = forms.ModelChoiceField(Connection.objects.none(), label="Books", empty_label=None)
    file = forms.FileField(
        label="Payout file",
        widget=UnfoldAdminFileFieldWidget,
        help_text="CSV, as the gateway offers it: with the charges, refunds and fees behind what it paid to the bank.",
    )
    ask = forms.BooleanField(
        label="Show me how it is read, before it is taken in",
        required=False,
        help_text="Otherwise you are asked only where something is not clear.",
    )

    def __init__(self, books: list[Connection], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Connection.objects.filter(pk__in=[one.pk for one in books])
        self.fields["books"] = forms.ModelChoiceField(mine, label="Books", empty_label=None, initial=mine.first())
        dress(self)

    def receive(self, by: Any) -> tuple[PayoutFile, bool] | None:
        """None, and an error beside the file, where it is none."""
        given = self.cleaned_data
        try:
            return receive(given["books"], given["file"].name, given["file"].chunks(), str(by), wait=given["ask"])
        except Unreadable as error:
            self.add_error("file", str(error))
            return None


class LayoutForm(forms.Form):
    """Made for one file: its columns, its words, and what it leaves open."""

    def __init__(self, file: PayoutFile, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file, self.said = file, remembered(file)
        self.found = recognised(file, self.said)
        self.questions = {one.field: one.text for one in self.found.questions}
        self._settings()
        self._words()
        self._columns()
        dress(self)

    def asked(self) -> Iterator[tuple[BoundField, str]]:
        """What is not clear, each with its question."""
        for name in self.fields:
            if name in self.questions:
                yield self[name], self.questions[name]

    def settings(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in self.questions and not name.startswith(COLUMN)]

    def columns(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith(COLUMN)]

    def answer(self, by: Any) -> Recognised | None:
        """What is left unclear stands beside its field. None where the file cannot be read so."""
        try:
            left = answer(self.file, self._answers(), str(by))
        except Unreadable as error:
            self.add_error(None, str(error))
            return None
        for one in left.questions:
            self.add_error(one.field if one.field in self.fields else None, one.text)
        return left

    def _settings(self) -> None:
        layout, open = self.found.layout, self.questions
        choices: dict[str, Mapping[str, str]] = {
            "mark": MARKS,
            "dates": days.LABELS,
            "grouping": {str(one): words for one, words in GROUPINGS.items()},
        }
        labels = {"mark": "Amounts look like", "dates": "Dates look like", "grouping": "Deposits"}
        gateway = "" if layout.gateway == UNKNOWN else layout.gateway
        self.fields["gateway"] = forms.CharField(label="Gateway", max_length=60, initial=gateway)
        for name, options in choices.items():
            chosen = None if name in open else getattr(layout, name)
            offered = [("", "…"), *options.items()] if name in open else list(options.items())
            self.fields[name] = forms.ChoiceField(label=labels[name], choices=offered, initial=chosen)
        if not layout.columns.get("currency"):
            self.fields["currency"] = forms.RegexField(
                r"^[A-Za-z]{3}$", label="Currency", initial=layout.currency, help_text="Three letters, such as USD."
            )
        if can_be_posted(self.file.books):
            self.fields["post_fees"] = forms.BooleanField(label=FEES, required=False, initial=self.said.post_fees)

    def _words(self) -> None:
        """Each of the file's own, also those that its check has come to."""
        late = [str(one["value"]) for one in self.file.problems if one.get("value") and "message" not in one]
        for word in dict.fromkeys((*self.found.words, *late)):
            known = self.found.layout.words.get(word)
            if known is None:
                self.questions.setdefault(f"{WORD}{word}", f"What is a row that is called “{word}”?")
            offered = [("", "…"), *((str(kind), label) for kind, label in LABELS.items())]
            self.fields[f"{WORD}{word}"] = forms.ChoiceField(label=f"“{word}” is", choices=offered, initial=known)

    def _columns(self) -> None:
        heads = [(head, head) for head in self.found.layout.heads if head]
        for field in FIELDS:
            chosen = self.found.layout.columns.get(field.name, ())
            common: dict[str, Any] = {"label": field.label, "required": False, "help_text": field.why}
            self.fields[f"{COLUMN}{field.name}"] = (
                forms.MultipleChoiceField(choices=heads, initial=list(chosen), **common)
                if field.several
                else forms.ChoiceField(choices=[("", "–"), *heads], initial=next(iter(chosen), ""), **common)
            )

    def _answers(self) -> Answers:
        given = self.cleaned_data
        said = {name: given[name] for name in SETTINGS if given.get(name)}
        chosen = {field.name: given[f"{COLUMN}{field.name}"] for field in FIELDS}
        columns = {
            name: (heads,) if isinstance(heads, str) else tuple(heads) for name, heads in chosen.items() if heads
        }
        words = {plain(name.removeprefix(WORD)): kind for name, kind in given.items() if name.startswith(WORD) and kind}
        said["currency"] = said.get("currency", "").upper()
        return Answers.model_validate(
            {
                **said,
                "columns": columns,
                "words": {**self.said.words, **words},
                "post_fees": given.get("post_fees", False),
            }
        )
