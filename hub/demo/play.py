"""The demo itself, told from beginning to end."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import subprocess
import time
from collections.abc import Callable
from io import StringIO

import yaml
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management import call_command
from django.utils import timezone

from hub.books.agreement import Agreement, agreement
from hub.configuration import apply
from hub.demo.bookkeeper import lacking_email, mend
from hub.demo.rest import NotAtRest, until_at_rest
from hub.demo.simulated import Simulated, read_announcement
from hub.demo.wiring import wiring
from hub.management.commands.books import table
from hub.supervisor.household import Household, answers

ORDERS, SEED = 40, 1
USER = "demo"


class Demo:
    def __init__(self, household: Household, say: Callable[[str], None]) -> None:
        self.household = household
        self.say = say
        self.day = timezone.localdate() - dt.timedelta(days=1)
        self.password = secrets.token_urlsafe(9)

    def play(self, port: int) -> Agreement:
        """Raises NotAtRest where the demo itself breaks down; disagreement is in the answer."""
        call_command("migrate", verbosity=0)
        user = get_user_model().objects.create_superuser(USER, password=self.password)
        simulated = self._start(port)
        self._connect(simulated)
        self._trade([one for one in simulated if one.role != "books"])
        self._settle()
        self._mend(user)
        return self._prove()

    def _start(self, port: int) -> list[Simulated]:
        announced = self.household.manage("sandbox", "--port", "0", "--json", stdout=subprocess.PIPE).output
        self.household.web(port)
        self.household.manage("worker")
        line = announced.readline() if announced else b""
        while not (line and answers(port)):
            if gone := self.household.gone():
                raise NotAtRest(f"The {' and the '.join(gone)} did not start.")
            time.sleep(0.1)
        return read_announcement(line)

    def _connect(self, simulated: list[Simulated]) -> None:
        midnight = timezone.make_aware(dt.datetime.combine(self.day - dt.timedelta(days=1), dt.time()))
        apply(yaml.safe_dump(wiring(simulated, midnight)), os.environ)
        for one in simulated:
            self.say(f"Connected {one.name}: {one.url}/_sandbox/ shows what is inside")

    def _trade(self, sources: list[Simulated]) -> None:
        for one in sources:
            one.open_hooks(settings.PUBLIC_URL)
            one.trade(ORDERS, SEED, self.day)
            sent = one.deliver()
            self.say(
                f"A day of trade in {one.name}: of {sent['queued']} webhooks {sent['dropped']} were lost, "
                f"{sent['repeated']} came twice, none in order"
            )

    def _settle(self) -> None:
        """The second poll is for what changed while the first was read."""
        for _ in range(2):
            call_command("poll", stdout=StringIO())
            until_at_rest(self.household)
        self.say("Polled for what the webhooks did not tell, and waited until all was at rest\n")

    def _mend(self, user: AbstractBaseUser) -> None:
        bad = lacking_email()
        if not bad:
            return
        self.say(table(self._agreement()) + "\n")
        for record in bad:
            self.say(mend(record, user))
        until_at_rest(self.household)
        self.say("")

    def _prove(self) -> Agreement:
        found = self._agreement()
        self.say(table(found))
        return found

    def _agreement(self) -> Agreement:
        """The stores' business dates may be a day off ours, either way."""
        day = dt.timedelta(days=1)
        return agreement(self.day - day, self.day + day)
