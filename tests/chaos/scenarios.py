"""What goes wrong in which scenario."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    """`kills`: workers, polls and the web door die at random points. `webhooks`: the hub hears of most by webhooks that
    come twice, late, in any order or never, and polls only at the end. `supervised`: real workers, killed as a whole."""

    name: str
    kills: bool = False
    faults: bool = False
    webhooks: bool = False
    restarts: bool = False
    clock: bool = False
    supervised: bool = False


KILLS = Scenario("kills", kills=True)
FAULTS = Scenario("faults", faults=True)
WEBHOOKS = Scenario("webhooks", webhooks=True)
RESTARTS = Scenario("restarts", restarts=True)
CLOCK = Scenario("clock", clock=True)
SUPERVISED = Scenario("supervised", webhooks=True, supervised=True)
EVERYTHING = Scenario("everything", kills=True, faults=True, webhooks=True, restarts=True, clock=True)
SCENARIOS = (KILLS, FAULTS, WEBHOOKS, RESTARTS, CLOCK, SUPERVISED, EVERYTHING)
