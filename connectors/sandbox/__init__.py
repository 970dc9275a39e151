"""What every vendor's simulator stands on: real HTTP over a real socket, faults on demand, switches, and a page.

A vendor's `sandbox/` package names a subclass `sandbox` in its `__init__.py`. It shares no code with the connector it
tests: it is written from the vendor's sheet alone. State lives in memory under one lock; `reset` empties it.

Every sandbox answers under `/_sandbox/` beside the vendor's own paths:
    GET  /_sandbox/            a page that shows what is inside, can place an order, and lists the faults
    GET  /_sandbox/state       everything inside, as JSON, for oracles
    GET  /_sandbox/log         every vendor call as [method, path, status]; status 0 = no answer was given
    POST /_sandbox/reset       forget everything
    POST /_sandbox/switches    {"name": value}                 the vendor's unknowns
    POST /_sandbox/faults      a Fault as JSON, or [] to clear
    POST /_sandbox/place       {...}                           the vendor's own way to make a record (a new order)
    POST /_sandbox/trade       {"orders": 20, "seed": 1, "day": "2026-03-01"}   a generated day of trade
    POST /_sandbox/hooks       {"url": ..., "secret": ..., "duplicate": 0.2, "drop": 0.1, "shuffle": true, "hold": true}
    POST /_sandbox/deliver     send the webhooks held back so far (shuffled, some twice, some never)
"""

from connectors.sandbox.exchange import Call, Dropped, Reply, Route
from connectors.sandbox.faults import Fault
from connectors.sandbox.simulator import Sandbox

__all__ = ["Call", "Dropped", "Fault", "Reply", "Route", "Sandbox"]
