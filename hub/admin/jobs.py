"""Background jobs: django-q2's own rows, to look at. They are only the doorbell; the records are under “Records”."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin

from hub.admin.unfolded import LookOnly

SHOWN = {
    "Schedule": ("name", "func", "next_run", "repeats"),
    "OrmQ": ("id", "lock"),
    "Failure": ("name", "func", "started", "stopped"),
    "Success": ("name", "func", "started", "stopped"),
}

for name, columns in SHOWN.items():
    model = apps.get_model("django_q", name)
    if admin.site.is_registered(model):
        admin.site.unregister(model)
    admin.site.register(model, type(f"{name}Admin", (LookOnly,), {"list_display": columns}))
