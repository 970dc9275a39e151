"""A payment gateway's file taken in, and its deposits explained."""

from __future__ import annotations

import hashlib
import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError

from connectors.models import Connection
from hub.books.payouts import fees
from hub.books.payouts.arriving import BLOCK, answer, known, receive, recognised, remembered
from hub.books.payouts.columns import NAMES
from hub.books.payouts.days import ORDERS
from hub.books.payouts.faults import Unreadable
from hub.books.payouts.grouping import touched
from hub.books.payouts.kinds import Kind
from hub.books.payouts.layout import GROUPINGS, Answers
from hub.books.payouts.rounds import advance
from hub.books.payouts.taking_back import CannotTakeBack, consequences, take_back
from hub.books.payouts.telling import line, told, told_of_fees
from hub.books.reports.asking import all_books
from hub.engine import clock
from hub.models import Deposit, PayoutFile

State = PayoutFile.State
BY = "command line"
ROUND_SECONDS, NAP, PATIENCE = 30.0, 0.5, 5
EXPLAINED, UNEXPLAINED, BAD_ARGUMENTS, UNFINISHED = 0, 1, 2, 3


class Command(BaseCommand):
    help = (
        "Take in a payout file of a payment gateway (CSV) and explain each deposit as orders − refunds − fees. The same "
        "file again changes nothing; interrupted, the same command goes on where it was. Exit status: 0 if every deposit "
        "of the file is explained to the cent, 1 if not, 2 for wrong arguments, a file that is refused or something that "
        "is unclear, 3 if it could not be finished."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("books", metavar="BOOKS", help="the connection of the books")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--gateway", metavar="NAME", help="who paid, where the file does not show it")
        parser.add_argument("--currency", metavar="CODE", help="of all amounts, where no column tells")
        parser.add_argument("--decimals", choices=(".", ","), dest="mark", help="what stands before the decimals")
        parser.add_argument("--dates", choices=ORDERS, help="the order of day, month and year")
        parser.add_argument("--deposits", choices=list(GROUPINGS), dest="grouping", help="how rows make a deposit")
        parser.add_argument("--column", action="append", default=[], metavar="FIELD=HEAD", help=", ".join(NAMES))
        parser.add_argument("--word", action="append", default=[], metavar="WORD=KIND", help=", ".join(Kind))
        fees_help = "post the fees of each deposit as one expense, as soon as it is known to be whole"
        parser.add_argument("--post-fees", action="store_true", help=fees_help)
        parser.add_argument("--take-back", metavar="REASON", help="undo what taking in this very file has done")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, books: str, file: Path, **options: Any) -> None:
        if options["take_back"] is not None:
            self._take_back(_books(books), file, options["take_back"])
            return
        taken = self._received(_books(books), file)
        if taken.state == State.ASKS:
            self._answer(taken, options)
        self._finish(taken)
        if options["post_fees"]:
            fees.choose(taken)
        self._post_fees(taken)
        deposits = list(Deposit.objects.filter(pk__in=touched(taken)).order_by("date", "pk"))
        if options["json"]:
            self.stdout.write(json.dumps(told(taken, deposits)))
        else:
            said = [f"{taken}: {taken.rows} rows, {taken.new} new", *map(line, deposits), *told_of_fees(deposits)]
            self.stdout.write("\n".join(said))
        if any(one.unexplained for one in deposits):
            raise SystemExit(UNEXPLAINED)

    def _received(self, books: Connection, path: Path) -> PayoutFile:
        try:
            with path.open("rb") as content:
                file, new = receive(books, path.name, iter(lambda: content.read(BLOCK), b""), BY, wait=True)
        except (OSError, Unreadable) as error:
            _refuse(f"{path}: {error}")
        if not new:
            self.stderr.write(f"{path} was taken in before, as {file}")
        return file

    def _answer(self, file: PayoutFile, options: dict[str, Any]) -> None:
        """What was said on the command line goes before what was said of an earlier file."""
        said = remembered(file)
        given = {name: options[name] for name in ("gateway", "currency", "mark", "dates", "grouping") if options[name]}
        words = {**said.words, **_pairs(options["word"], "--word")}
        columns = recognised(file, said).layout.columns | {
            field: (head,) for field, head in _pairs(options["column"], "--column").items()
        }
        fees_too = {"post_fees": True} if options["post_fees"] else {}
        try:
            answers = Answers.model_validate(
                {**said.model_dump(), **given, **fees_too, "words": words, "columns": columns}
            )
        except ValidationError as error:
            _refuse(f"--{error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}")
        left = answer(file, answers, BY)
        if left.questions:
            _refuse("\n".join(f"{file}: {one.text} (--{one.option})" for one in left.questions))

    def _finish(self, file: PayoutFile) -> None:
        """In this process, or beside a worker that has the turn."""
        while file.state == State.RUNNING:
            if not advance(file, time.monotonic() + ROUND_SECONDS):
                time.sleep(NAP)
            file.refresh_from_db()
            if file.failures >= PATIENCE:
                raise CommandError(f"It cannot go on just now: {file.problem}", returncode=UNFINISHED)
        if file.state == State.REFUSED:
            _refuse("\n".join(f"{file}: {_words(one)}" for one in file.problems))
        if file.state == State.ASKS:
            _refuse(f"{file}: {file.problem or 'it has questions'}")

    def _post_fees(self, file: PayoutFile) -> None:
        """Also of deposits that this file has shown to be whole."""
        due = Deposit.objects.filter(books=file.books, gateway=file.gateway, fees_state=Deposit.Fees.DUE)
        for deposit in due.filter(next_at__lte=clock.now()).order_by("date", "pk"):
            fees.post(deposit)

    def _take_back(self, books: Connection, path: Path, reason: str) -> None:
        """Told from others by its content."""
        try:
            file = known(books, hashlib.sha256(path.read_bytes()).hexdigest())
            would = consequences(file)
            take_back(file, BY, reason)
        except PayoutFile.DoesNotExist:
            _refuse(f"{path}: no file of this content is taken in for {books}")
        except (OSError, CannotTakeBack) as error:
            _refuse(f"{path}: {error}")
        self.stdout.write(f"{file} was taken back; rows that stay with other files: {would.shared}")
        self.stdout.write(f"Gone: {would.rows} rows, {len(would.emptied)} deposits")


def _words(problem: dict[str, Any]) -> str:
    where = f"line {problem['line']}, column {problem['column'] or '–'}: " if problem["line"] else ""
    return f"{where}{problem['message']}. {problem['remedy']}"


def _pairs(given: list[str], option: str) -> dict[str, str]:
    for one in given:
        if "=" not in one:
            _refuse(f"{option}: {one!r} has no “=”; write it as in its help")
    return {name.strip().lower(): value.strip() for name, _, value in (one.partition("=") for one in given)}


def _books(name: str) -> Connection:
    there = {one.name: one for one in all_books()}
    if name not in there:
        _refuse(f"books: there are no books named {name!r}; there are: {', '.join(there) or 'none yet'}")
    return there[name]


def _refuse(message: str) -> NoReturn:
    raise CommandError(message, returncode=BAD_ARGUMENTS)
