"""A route: method, path after `/V1/`, the permission that it needs, and the view that answers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from connectors.magento.sandbox.shop import Shop
from connectors.sandbox import Call

View = Callable[[Shop, Call], Any]
"""Returns the body of a 200; raises Refused."""
Routes = Sequence[tuple[str, str, str, View]]
