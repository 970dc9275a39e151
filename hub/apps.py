"""The app of the hub itself."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HubConfig(AppConfig):
    name = "hub"
    verbose_name = "Countinghouse"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hub.queue.schedules import ensure_schedules
        from hub.setup import ensure_cache_table, ensure_groups

        post_migrate.connect(ensure_groups, sender=self)
        post_migrate.connect(ensure_cache_table, sender=self)
        post_migrate.connect(ensure_schedules, sender=self)
