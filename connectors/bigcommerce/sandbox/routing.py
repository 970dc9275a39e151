"""What a module of views offers: method, path after the version, scope, view."""

from __future__ import annotations

from collections.abc import Callable

from connectors.bigcommerce.sandbox.shop import Shop
from connectors.sandbox import Call, Reply

View = Callable[[Shop, Call], Reply]
Routes = tuple[tuple[str, str, str, View], ...]
