"""Where a person sees a record in FreshBooks."""

from __future__ import annotations

WEB = "https://my.freshbooks.com/#"


def client(id: str) -> str:
    return f"{WEB}/client/{id}"


def invoice(account_id: str, id: str) -> str:
    return f"{WEB}/invoice/{account_id}-{id}"


def items() -> str:
    return f"{WEB}/items"


def expenses() -> str:
    return f"{WEB}/expenses"
