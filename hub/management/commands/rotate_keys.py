"""`manage.py rotate_keys`: every stored secret under the newest key, so that an older one can be retired."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction
from django.db.models.functions import Cast

from connectors.secrets import SecretsField, rotated

UNREADABLE = (
    "A secret was written under a key that is no longer in COUNTINGHOUSE_FIELD_KEYS: add the key and run this again."
)


class Command(BaseCommand):
    help = "Re-encrypts every secret under the first key of COUNTINGHOUSE_FIELD_KEYS. Safe while the hub is running."

    def handle(self, **options: Any) -> None:
        for model, field in secret_fields():
            pks = model._base_manager.order_by("pk").values_list("pk", flat=True)
            try:
                count = sum(rotate(model, field, pk) for pk in pks)
            except InvalidToken:
                raise CommandError(UNREADABLE) from None
            self.stdout.write(f"{count} of {model._meta.verbose_name_plural}: re-encrypted under the newest key")


def secret_fields() -> list[tuple[type[models.Model], str]]:
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SecretsField)
    ]


def rotate(model: type[models.Model], field: str, pk: Any) -> bool:
    """One row, under its lock: a token that is being renewed at this moment is not overwritten."""
    text = models.TextField()
    rows = model._base_manager.filter(pk=pk)
    with transaction.atomic():
        token = rows.select_for_update().annotate(token=Cast(field, text)).values_list("token", flat=True).get()
        if token:
            rows.update(**{field: models.Value(rotated(token), output_field=text)})
    return bool(token)
