"""Prepares every process of the chaos suite, whatever it is: a worker, a web server, a management command."""

from __future__ import annotations

import os

from django.apps import AppConfig


class Chaos(AppConfig):
    name = "tests.chaos"
    label = "chaos"

    def ready(self) -> None:
        from tests.chaos.clockwork import begin_jumping
        from tests.chaos.fuses import burn_down
        from tests.chaos.hurry import hurry

        hurry()
        if points := os.environ.get("CHAOS_POINTS"):
            burn_down(int(points))
        if "CHAOS_CLOCK" in os.environ:
            begin_jumping(os.environ["CHAOS_CLOCK"])
