"""A gateway's file arrives: kept in blocks, recognised, and asked about where something is not clear."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import IntegrityError, transaction

from connectors.models import Connection
from hub import queue
from hub.books.payouts import opening
from hub.books.payouts.faults import AGAIN, Unreadable
from hub.books.payouts.layout import Answers, signature
from hub.books.payouts.recognising import SAMPLE, Recognised, recognise
from hub.engine import clock
from hub.models import PayoutBlock, PayoutFile, PayoutLayout

State, Stage = PayoutFile.State, PayoutFile.Stage
BLOCK = 1 << 18
LARGEST = 256 << 20


def receive(
    books: Connection, name: str, content: Iterable[bytes], by: str, *, wait: bool = False
) -> tuple[PayoutFile, bool]:
    """The file, and True; or the one of the very same content that was taken in before, and False. It starts by itself
    where nothing is unclear, unless it is to `wait` for a person, or one that was read so was taken back. Raises
    Unreadable, and then nothing is kept."""
    file = PayoutFile(books=books, name=name[-200:], sha256=uuid.uuid4().hex, asked_by=by[:150])
    try:
        with transaction.atomic():
            file.save()
            _keep(file, content)
            file.save()
            _open(file, wait=wait)
    except IntegrityError:
        return known(books, file.sha256), False
    return file, True


def known(books: Connection, sha256: str) -> PayoutFile:
    """The one of this content that is under way or taken in. Raises PayoutFile.DoesNotExist."""
    gone = (State.REFUSED, State.TAKEN_BACK)
    return PayoutFile.objects.exclude(state__in=gone).get(books=books, sha256=sha256)


def blocks(file: PayoutFile) -> Iterator[bytes]:
    """One after the other; memory holds one."""
    for number in file.blocks.values_list("number", flat=True):
        yield bytes(file.blocks.values_list("content", flat=True).get(number=number))


def head(file: PayoutFile) -> opening.Head:
    return opening.head(blocks(file), file.encoding)


def sample(file: PayoutFile, found: opening.Head, most: int = SAMPLE) -> list[list[str]]:
    """The first rows behind the heads. Raises Unreadable where there is none."""
    taken: list[list[str]] = []
    for line, cells in opening.rows(blocks(file), file.encoding, found.delimiter):
        if line > found.line:
            taken.append(cells)
        if len(taken) >= most:
            break
    if not taken:
        raise Unreadable("It has heads, and no row", AGAIN)
    return taken


def recognised(file: PayoutFile, answers: Answers) -> Recognised:
    """Raises Unreadable."""
    found = head(file)
    return recognise(file.encoding, found, sample(file, found), answers)


def remembered(file: PayoutFile) -> Answers:
    """What was said about files with the same heads for these books; what was said for others tells no more than which
    column is which, and what the gateway's words mean."""
    alike = PayoutLayout.objects.filter(signature=signature(head(file).names))
    mine = alike.filter(books=file.books).first()
    if mine:
        return Answers.model_validate(mine.answers)
    others = alike.filter(doubted=False).order_by("-said_at").first()
    return Answers.model_validate(others.answers).of_the_gateway() if others else Answers()


def answer(file: PayoutFile, answers: Answers, by: str) -> Recognised:
    """It starts where nothing is unclear any more; else what is left is told. Raises Unreadable."""
    found = recognised(file, answers)
    if not found.questions:
        start(file, found, by)
    return found


def start(file: PayoutFile, found: Recognised, by: str = "") -> None:
    """What was said, and what the file has proven, is kept for the next one of its shape. Whatever was begun with other
    answers is checked from the first line again."""
    layout, answers = found.layout, found.answers
    said = {
        "gateway": layout.gateway,
        "answers": answers.model_dump(mode="json", exclude_defaults=True),
        "doubted": False,
    }
    by_whom = {"said_by": by[:150]} if by else {}
    begun = {
        "stage": Stage.CHECK,
        "reached": 0,
        "checked": {},
        "problems": [],
        "problem": "",
        "failures": 0,
        "next_at": clock.now(),
    }
    with transaction.atomic():
        named: Any = {"books": file.books, "signature": signature(layout.heads)}
        PayoutLayout.objects.update_or_create(**named, defaults={**said, **by_whom})
        PayoutFile.objects.filter(pk=file.pk, state=State.ASKS).update(
            state=State.RUNNING,
            gateway=layout.gateway,
            layout=layout.model_dump(mode="json"),
            post_fees=answers.post_fees,
            **begun,
        )
        queue.ring()
    file.refresh_from_db()


def discard(file: PayoutFile) -> None:
    """A person does not want to answer: nothing of it was kept, and nothing is."""
    with transaction.atomic():
        asking = PayoutFile.objects.filter(pk=file.pk, state=State.ASKS)
        if asking.update(state=State.REFUSED, ended_at=clock.now(), next_at=None, problem="", problems=[]):
            file.blocks.all().delete()


def _open(file: PayoutFile, *, wait: bool) -> None:
    """As far as it can be recognised at once. Raises Unreadable."""
    file.encoding = opening.encoding_of(blocks(file))
    found = recognised(file, remembered(file))
    file.gateway, file.layout = found.layout.gateway, found.layout.model_dump(mode="json")
    file.save()
    if not (wait or found.questions or _is_doubted(file, found)):
        start(file, found)


def _is_doubted(file: PayoutFile, found: Recognised) -> bool:
    alike = PayoutLayout.objects.filter(books=file.books, signature=signature(found.layout.heads))
    return alike.filter(doubted=True).exists()


def _keep(file: PayoutFile, content: Iterable[bytes]) -> None:
    digest, rest, number = hashlib.sha256(), b"", 0
    for part in content:
        digest.update(part)
        file.size += len(part)
        if file.size > LARGEST:
            raise Unreadable(f"It has more than {LARGEST >> 20} MB", "Download fewer days at a time.")
        rest += part
        while len(rest) >= BLOCK:
            PayoutBlock.objects.create(file=file, number=number, content=rest[:BLOCK])
            rest, number = rest[BLOCK:], number + 1
    PayoutBlock.objects.create(file=file, number=number, content=rest)
    file.sha256 = digest.hexdigest()
